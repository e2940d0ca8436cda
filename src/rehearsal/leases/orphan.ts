import { hostname } from 'node:os'
import { filesIn, UNSEEN } from './left-alone.ts'
import { mayExist } from './may-exist.ts'
import { describePlace, isSamePlace, nameOfPlace } from './place.ts'
import { showsProcesses } from './processes-of.ts'
import type { OrphanOptions } from './sweep.ts'

/** What a container, a database or a realm says itself of the rehearsal that it is of. */
export interface Mark {
  readonly id: string
  /**
   * Where the rehearsal's lease was, as `describePlace` says it, and its folder there. An older syn2op wrote the machine's name alone,
   * which says not which machine; undefined: it does not say.
   */
  readonly place: string | undefined
  readonly folder: string
  /** When whoever cannot see that rehearsal may take it for dead. */
  readonly until: Date
  readonly kept: boolean
}

/**
 * Whether something may be ended by its mark, since no lease is left that would end it: what nobody kept after its time, what was kept
 * where it is asked for. Before its time something that was not kept may be of a rehearsal that lives on another machine, which may have
 * the name of ours.
 */
export const isOrphan = async (
  { id, place = '', folder, until, kept }: Mark,
  { also, leased, spare }: Pick<OrphanOptions, 'also' | 'leased' | 'spare'>,
): Promise<boolean> => {
  if (leased.has(id)) return false
  const isOfHere = isSamePlace(place, describePlace())
  const isAsked = typeof also === 'object' && also.id === id
  if ((isOfHere || nameOfPlace(place) === hostname()) && (await mayExist(folder))) {
    if (isAsked) spare(filesIn(folder))
    return false
  }
  if (kept) return isAsked || (also === 'kept' && isOfHere)
  if (until <= new Date()) return true
  if (!isAsked || !isOfHere) return false
  if (await showsProcesses()) return true
  spare(UNSEEN)
  return false
}
