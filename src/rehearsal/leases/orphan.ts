import { hostname } from 'node:os'
import { mayExist } from './may-exist.ts'
import type { OrphanOptions } from './sweep.ts'

/** What a container, a database or a realm says itself of the rehearsal that it is of. */
export interface Mark {
  readonly id: string
  /** Where the rehearsal's lease was, and its folder there; undefined: it does not say. */
  readonly host: string | undefined
  readonly folder: string
  /** When whoever cannot see that rehearsal may take it for dead. */
  readonly until: Date
  readonly kept: boolean
}

/**
 * Whether something may be ended by its mark, since no lease is left that would end it: what nobody kept after its time, what was kept
 * where it is asked for. Before its time something that was not kept may be of a rehearsal that lives on another machine.
 */
export const isOrphan = async (
  { id, host, folder, until, kept }: Mark,
  { also, leased }: Pick<OrphanOptions, 'also' | 'leased'>,
): Promise<boolean> => {
  const isOfHere = host === hostname()
  if (leased.has(id) || (isOfHere && (await mayExist(folder)))) return false
  if (typeof also === 'object' && also.id === id && (kept || isOfHere)) return true
  return kept ? also === 'kept' && isOfHere : until <= new Date()
}
