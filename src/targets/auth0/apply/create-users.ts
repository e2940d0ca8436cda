import { eachAtMost } from '../../slow-road/each-at-most.ts'
import { outcomeOf } from '../../slow-road/outcome-of.ts'
import type { Turns } from '../../slow-road/turns.ts'
import type { Fate } from '../jobs/fates.ts'
import { provision } from '../links/scim/provision.ts'
import type { PlannedSubject } from '../plan/subject.ts'
import { type BatchAtWork, writerOf } from './batch-at-work.ts'
import { endsRefused, refusalIn } from './change-users.ts'
import { importNew, newUsers } from './new-users.ts'
import { provisioningOf } from './provisioning-of.ts'

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
    await eachAtMost(LINKS_AT_ONCE, file.rows, async ({ id }) => {
      const [one, fate] = [planned.get(id), fates.get(id)]
      if (one !== undefined && fate?.kind === 'created') await endsLinked(work, one, turns)
      else end(id, fate)
    })
  })
}

/** Users who are linked at a time; how many requests that may be in a time, the quota says. */
const LINKS_AT_ONCE = 6

/** Who has identities that are made by SCIM gets them now. Of whom that is refused, the user is there all the same, and says so. */
export const endsLinked = async (
  work: BatchAtWork,
  planned: PlannedSubject,
  { mayBegin }: Pick<Turns, 'mayBegin'>,
): Promise<void> => {
  const provisioning = provisioningOf(planned, writerOf(work, planned.subject.id))
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
