import pLimit from 'p-limit'
import { outcomeOf } from '../../slow-road/outcome-of.ts'
import type { Turns } from '../../slow-road/turns.ts'
import { removalOf } from '../accounts/change-requests.ts'
import type { Removal } from '../accounts/user-requests.ts'
import type { Fate } from '../jobs/fates.ts'
import { provision } from '../links/scim/provision.ts'
import type { PlannedSubject } from '../plan/subject.ts'
import type { BatchAtWork } from './batch-at-work.ts'
import { asItIs, endsRefused, refusalIn } from './change-users.ts'
import { importNew, newUsers } from './new-users.ts'
import { provisioningOf } from './provisioning-of.ts'
import { removeUser } from './write-user.ts'

export interface Creating {
  readonly turns: Pick<Turns, 'each' | 'mayBegin'>
  /** Of the jobs' own names: which of the batch's imports it is. */
  readonly part: string
}

/** Makes users, and ends those of whom it is known then. */
export const createUsers = async (
  work: BatchAtWork,
  creates: readonly PlannedSubject[],
  { turns, part }: Creating,
): Promise<void> => {
  const { files, fates: unfit, planned } = newUsers(work, creates, part)
  const end = (id: string, fate: Fate | undefined): void => {
    const one = planned.get(id)
    if (one !== undefined && fate !== undefined && fate.kind !== 'created') endsBy(work, one, fate)
  }
  for (const [id, fate] of unfit) end(id, fate)
  await turns.each(files, async (file) => {
    const fates = await importNew(work, file, { planned, mayBegin: turns.mayBegin })
    const limit = pLimit(LINKS_AT_ONCE)
    await Promise.all(
      file.rows.map(({ id }) =>
        limit(async () => {
          const [one, fate] = [planned.get(id), fates.get(id)]
          if (one !== undefined && fate?.kind === 'created') await endsLinked(work, one, turns)
          else end(id, fate)
        }),
      ),
    )
  })
}

/** Users who are linked at a time; how many requests that may be in a time, the quota says. */
const LINKS_AT_ONCE = 6

/** Who has identities that are made by SCIM gets them now. Of whom that is refused, the user is there all the same, and says so. */
const endsLinked = async (
  work: BatchAtWork,
  planned: PlannedSubject,
  { mayBegin }: Pick<Turns, 'mayBegin'>,
): Promise<void> => {
  const provisioning = provisioningOf(planned, work.writer)
  if (provisioning === undefined) return work.ends(planned, outcomeOf(planned.change))
  // The next run finds them as they are, and goes on.
  if (!mayBegin()) return
  const refusal = refusalIn(await provision(work.tenant, provisioning, work.signal))
  if (refusal === undefined) work.ends(planned, outcomeOf(planned.change))
  else endsRefused(work, planned, `Its identity at ${provisioning.link.connection} is not linked: ${refusal}`)
}

const endsBy = (work: BatchAtWork, planned: PlannedSubject, fate: Exclude<Fate, { kind: 'created' }>): void => {
  if (fate.kind === 'refused') endsRefused(work, planned, fate.words)
  else if (fate.kind === 'clash') work.looksAgain({ planned, words: fate.words, isClash: true })
  else work.looksAgain({ planned, words: 'Somebody has made it meanwhile' })
}

/** So many are gone at a time until they are there again: some seconds' worth of deletions. */
const GONE_AT_ONCE = 50

/** Makes users anew who are there, each as they are now and unused. Whoever is gone when a run dies is made by the next one. */
export const remakeUsers = async (
  work: BatchAtWork,
  reimports: readonly PlannedSubject[],
  { turns, part }: Creating,
): Promise<void> => {
  for (let from = 0; from < reimports.length && turns.mayBegin(); from += GONE_AT_ONCE) {
    const removed: PlannedSubject[] = []
    await turns.each(reimports.slice(from, from + GONE_AT_ONCE), async (planned) => {
      const now = await asItIs(work, planned)
      if (now === undefined) return
      work.sends(now)
      const refusal = refusalIn(await removeUser(work.tenant, removalIn(now), work.signal))
      if (refusal === undefined) removed.push(now)
      else endsRefused(work, now, refusal)
    })
    // Whoever is gone now is made again, whatever has been asked for meanwhile.
    await createUsers(work, removed, { turns: AT_ANY_RATE, part: `${part}${from / GONE_AT_ONCE + 1}.` })
  }
}

const removalIn = ({ subject: { id, seen } }: PlannedSubject): Removal =>
  seen.present === undefined ? { id } : removalOf(seen.present)

const AT_ANY_RATE: Creating['turns'] = {
  mayBegin: () => true,
  each: async (pieces, work) => {
    const ended = await Promise.allSettled(pieces.map(work))
    for (const end of ended) if (end.status === 'rejected') throw end.reason
  },
}
