import { toUserImport } from '../accounts/user-import.ts'
import type { UserImport } from '../api/user.ts'
import type { PlannedSubject } from '../plan/subject.ts'
import type { BatchAtWork } from './batch-at-work.ts'
import { chunksOf } from './chunks.ts'
import { importChunk } from './import-users.ts'
import { outcomeOf, rejected } from './outcome-of.ts'
import { settleAgain } from './settle-again.ts'

/** Users that are created by one request. */
export interface NewUsers {
  readonly users: readonly UserImport[]
  readonly planned: ReadonlyMap<string, PlannedSubject>
}

/** Cuts the users of a batch that are new into requests. */
export const newUsers = (planned: readonly PlannedSubject[], { writer }: BatchAtWork): readonly NewUsers[] => {
  const byId = new Map(planned.map((one) => [one.subject.id, one]))
  const users = planned.flatMap(({ requests }) =>
    requests.kind === 'create' ? [toUserImport(requests.wanted, writer)] : [],
  )
  return chunksOf(users).map((chunk) => ({ users: chunk, planned: byId }))
}

export const createUsers = async (work: BatchAtWork, { users, planned }: NewUsers): Promise<void> => {
  const { realm, writer, signal } = work
  const own = users.flatMap(({ id }) => planned.get(id) ?? [])
  for (const one of own) work.sends(one)
  const fates = await importChunk(realm, users, { runId: writer.runId, signal })
  for (const one of own) {
    const fate = fates.get(one.subject.id)
    if (fate?.kind === 'created') work.ends(one, outcomeOf(one.change))
    else if (fate?.kind === 'refused') work.ends(one, rejected(one.change.mxid, fate.words))
  }
  for (const one of own) {
    const fate = fates.get(one.subject.id)
    if (fate?.kind === 'clash') await settleAgain(work, one, fate.words)
    else if (fate?.kind === 'found') await settleAgain(work, one, 'Somebody has made it meanwhile')
  }
}
