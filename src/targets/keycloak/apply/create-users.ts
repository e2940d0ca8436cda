import { outcomeOf, rejected } from '../../slow-road/outcome-of.ts'
import { toUserImport } from '../accounts/user-import.ts'
import type { UserImport } from '../api/user.ts'
import type { PlannedSubject } from '../plan/subject.ts'
import type { BatchAtWork } from './batch-at-work.ts'
import { chunksOf } from './chunks.ts'
import { type ImportFate, importChunk } from './import-users.ts'

/** Users that are created by one request. */
export interface NewUsers {
  readonly users: readonly UserImport[]
  readonly planned: readonly PlannedSubject[]
}

/** Cuts the users of a batch that are new into requests. */
export const newUsers = (planned: readonly PlannedSubject[], { writer }: BatchAtWork): readonly NewUsers[] => {
  const byId = new Map(planned.map((one) => [one.subject.id, one]))
  const users = planned.flatMap(({ requests }) =>
    requests.kind === 'create' ? [toUserImport(requests.wanted, writer)] : [],
  )
  return chunksOf(users).map((chunk) => ({ users: chunk, planned: chunk.flatMap(({ id }) => byId.get(id) ?? []) }))
}

export const createUsers = async (work: BatchAtWork, { users, planned }: NewUsers): Promise<void> => {
  const fates = await importNew(work, users, planned)
  for (const one of planned) {
    const fate = fates.get(one.subject.id)
    if (fate?.kind === 'created') work.ends(one, outcomeOf(one.change))
    else if (fate?.kind === 'refused') work.ends(one, rejected(one.change.mxid, fate.words))
    else if (fate !== undefined) work.looksAgain({ planned: one, words: wordsOf(fate) })
  }
}

/** Sends what makes users. */
export const importNew = async (
  work: BatchAtWork,
  users: readonly UserImport[],
  planned: readonly PlannedSubject[],
): Promise<ReadonlyMap<string, ImportFate>> => {
  const { realm, writer, signal } = work
  for (const one of planned) work.sends(one)
  const haveWritten = realm.census.writes(aliasesOf(users))
  let fates: ReadonlyMap<string, ImportFate> = new Map()
  try {
    fates = await importChunk(realm, users, { runId: writer.runId, signal })
    return fates
  } finally {
    haveWritten(aliasesOf(users.filter(({ id }) => fates.get(id)?.kind === 'created')))
  }
}

const aliasesOf = (users: readonly UserImport[]): readonly string[] =>
  users.flatMap(({ federatedIdentities }) => federatedIdentities.map(({ identityProvider }) => identityProvider))

export const wordsOf = (fate: ImportFate): string => ('words' in fate ? fate.words : 'Somebody has made it meanwhile')
