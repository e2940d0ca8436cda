import { hostname } from 'node:os'
import { filesIn, UNSEEN } from './left-alone.ts'
import { mayExist } from './may-exist.ts'
import { describePlace, isSamePlace, nameOfPlace } from './place.ts'
import { showsProcesses } from './processes-of.ts'

/** What a container, a database or a realm says itself of the rehearsal that it is of. */
export interface Mark {
  readonly id: string
  /** Where the rehearsal's lease was, as `describePlace` says it, and its folder there; undefined: it does not say. */
  readonly place: string | undefined
  readonly folder: string
  /** When whoever cannot see that rehearsal may take it for dead. */
  readonly until: Date
  readonly kept: boolean
}

/** What `--clean` asks for beside what is dead and was not to be kept: all that were kept, or the one of this id, kept or not. */
export type Also = 'kept' | { readonly id: string }

/** What those are told who look for belongings by their marks, since their lease may be gone. */
export interface OrphanOptions {
  /**
   * Undefined: only what was not kept, and whose time has passed. An id: whatever bears it, before its time too, where its lease is gone
   * from this host and it is this host's, or where it was kept (then no process of it needs it, on whatever host). `kept`: also what was
   * kept on this host.
   */
  readonly also?: Also
  /** Ids of the leases that are here and were not ended: nothing of them is an orphan. */
  readonly leased: ReadonlySet<string>
  /** Is told why nothing is touched of the rehearsal whose id is asked for, in words that follow its name. */
  readonly spare: (why: string) => void
  readonly note: (message: string) => void
  readonly signal: AbortSignal
}

/** Something that was ended of a rehearsal without a lease, in words. */
export interface Orphan {
  readonly id: string
  readonly what: string
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
