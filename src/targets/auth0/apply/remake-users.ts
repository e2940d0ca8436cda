import { EXIT } from '../../../errors/exit-codes.ts'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { isUnclear } from '../../http/unclear.ts'
import type { Turns } from '../../slow-road/turns.ts'
import { removalOf } from '../accounts/change-requests.ts'
import type { Slots } from '../jobs/slots.ts'
import type { PlannedSubject } from '../plan/subject.ts'
import type { BatchAtWork } from './batch-at-work.ts'
import { asItIs, endsRefused, refusalIn } from './change-users.ts'
import { type Creating, createUsers, endsLinked } from './create-users.ts'
import { importNew, newUsers } from './new-users.ts'
import { PATIENCE_MS, patienceAfter } from './patience.ts'
import { removeUser } from './write-user.ts'

/** So few are gone at a time until they are there again. */
const GONE_AT_ONCE = 10

/**
 * Makes users anew who are there, each as they are now and unused, a few at a time. Nobody is deleted before Auth0 has taken the same
 * import while they are there, and so has room for a job and nothing against their rows; once they are, a stop waits for them.
 */
export const remakeUsers = async (
  work: BatchAtWork,
  reimports: readonly PlannedSubject[],
  { turns, part }: Creating,
): Promise<void> => {
  for (let from = 0; from < reimports.length && turns.mayBegin(); from += GONE_AT_ONCE) {
    const group = { turns, part: `${part}${from / GONE_AT_ONCE + 1}.` }
    await turns.each([reimports.slice(from, from + GONE_AT_ONCE)], (some) => remakeGroup(work, some, group))
  }
}

const remakeGroup = (work: BatchAtWork, group: readonly PlannedSubject[], { turns, part }: Creating): Promise<void> => {
  const { about, tenant, stop, signal } = work
  const { slots } = about.importing
  return slots.run(async () => {
    const holding = { ...work, about: { ...about, importing: { ...about.importing, slots: HELD } } }
    const ready = await tryOut(holding, group, { turns, part })
    const patience = patienceAfter(stop, tenant.api.clock)
    try {
      const patient = { ...holding, signal: patience.signal }
      const { removed, failed } = await remove(patient, ready, turns)
      await bringBack(patient, removed, part)
      if (failed !== undefined) throw failed.error
    } finally {
      patience.release()
    }
  }, signal)
}

/** The place is taken already, by all that is done meanwhile. */
const HELD: Slots = { run: (work) => work() }

/** @returns whom Auth0 would have made, were they not there. */
const tryOut = async (
  work: BatchAtWork,
  group: readonly PlannedSubject[],
  { turns, part }: Creating,
): Promise<readonly PlannedSubject[]> => {
  const ready: PlannedSubject[] = []
  const { files, fates: unfit, planned } = newUsers(work, group, `${part}try`)
  const fates = new Map(unfit)
  for (const file of files) {
    const told = await importNew({ ...work, sends: () => {} }, file, { planned, mayBegin: turns.mayBegin })
    for (const [id, fate] of told) fates.set(id, fate)
  }
  for (const [id, fate] of fates) {
    const one = planned.get(id)
    if (one === undefined) continue
    // Whoever is linked to another is no user of their own.
    const isLinked = fate.kind === 'clash' && one.subject.seen.present?.primaryId !== undefined
    if (fate.kind === 'found' || isLinked) ready.push(one)
    else if (fate.kind === 'refused') endsRefused(work, one, fate.words)
    else if (fate.kind === 'clash') work.looksAgain({ planned: one, words: fate.words, isClash: true })
    else await endsLinked(work, one, turns)
  }
  return ready
}

interface Removed {
  /** Who may be gone now. */
  readonly removed: readonly PlannedSubject[]
  /** Why the others are not: nobody else is deleted after it. */
  readonly failed?: { readonly error: unknown }
}

/** What fails here is thrown by nobody before they are back who are gone. */
const remove = async (
  work: BatchAtWork,
  ready: readonly PlannedSubject[],
  { mayBegin }: Pick<Turns, 'mayBegin'>,
): Promise<Removed> => {
  const removed: PlannedSubject[] = []
  try {
    for (const planned of ready) {
      if (!mayBegin()) break
      const now = await asItIs(work, planned)
      if (now?.requests.kind !== 'reimport' || now.subject.seen.present === undefined) continue
      const { marks, id } = now.requests
      await work.tenant.gone.goes(id, { mxid: marks.mxid, createdBy: marks.createdBy })
      work.sends(now)
      // It may be done, whatever ends the request: whoever is still there is found by the import.
      removed.push(now)
      const refusal = refusalIn(await removeUser(work.tenant, removalOf(now.subject.seen.present), work.signal))
      if (refusal === undefined) continue
      removed.pop()
      await work.tenant.gone.isBack(id)
      endsRefused(work, now, refusal)
    }
    return { removed }
  } catch (error) {
    return { removed, failed: { error } }
  }
}

/** Whoever is gone now is made again, whatever has been asked for meanwhile. @throws Syn2opError with the names of who is not */
const bringBack = async (work: BatchAtWork, removed: readonly PlannedSubject[], part: string): Promise<void> => {
  const { tenant, stop } = work
  const failure = await tryOn(work, removed, part)
  const away = stillAway(work, removed)
  const names = away.map(({ change: { mxid } }) => mxid).join(', ')
  if (away.length > 0)
    tenant.gone.tell(`Deleted to be made anew with another password, and not back: ${names}. ${NEXT}`)
  if (failure === undefined) return
  if (!stop.aborted) throw away.length > 0 && failure instanceof Syn2opError ? namingThem(failure, names) : failure
  for (const one of away) endsRefused(work, one, `${AWAY} ${NEXT}`)
}

const stillAway = ({ tenant }: BatchAtWork, removed: readonly PlannedSubject[]): readonly PlannedSubject[] =>
  removed.filter(({ subject: { id } }) => tenant.gone.of(id) !== undefined)

/** @returns what has failed at last; undefined: nothing */
const tryOn = async (
  work: BatchAtWork,
  removed: readonly PlannedSubject[],
  part: string,
): Promise<Error | undefined> => {
  const { tenant, stop, signal } = work
  const { clock } = tenant.api
  const begun = clock.now()
  for (let times = 1; ; times++) {
    try {
      await createUsers(work, stillAway(work, removed), { turns: AT_ANY_RATE, part: `${part}${times}.` })
      return undefined
    } catch (error) {
      const isOver = signal.aborted || (!stop.aborted && clock.now() - begun > PATIENCE_MS)
      if (isOver || !isPassing(error)) return error instanceof Error ? error : new Error(String(error))
    }
    await clock.sleep(PAUSE_MS, signal).catch(() => undefined)
  }
}

const isPassing = (error: unknown): boolean =>
  isUnclear(error) || (error instanceof Syn2opError && error.exitCode === EXIT.unavailable)

const PAUSE_MS = 5000

const namingThem = (failure: Syn2opError, names: string): Syn2opError => {
  const { code, message, next, retryAfter } = failure
  return new Syn2opError(code, `${message}. Deleted to be made anew with another password, and not back: ${names}`, {
    next: [NEXT, ...next],
    cause: failure,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  })
}

const NEXT = 'Run `syn2op migrate` again: it makes them as they were, and an import that was sent may do so before it.'

const AWAY = 'It was deleted to be made anew with another password, and is not back yet.'

const AT_ANY_RATE: Creating['turns'] = {
  mayBegin: () => true,
  each: async (pieces, work) => {
    const ended = await Promise.allSettled(pieces.map(work))
    for (const end of ended) if (end.status === 'rejected') throw end.reason
  },
}
