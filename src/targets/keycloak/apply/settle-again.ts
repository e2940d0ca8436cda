import { toUserImport } from '../accounts/user-import.ts'
import { knowSubject } from '../plan/know-subjects.ts'
import { seeUser } from '../plan/see-users.ts'
import { type PlannedSubject, planSubject } from '../plan/subject.ts'
import type { BatchAtWork } from './batch-at-work.ts'
import { importChunk } from './import-users.ts'
import { outcomeOf, rejected } from './outcome-of.ts'
import { changeUser } from './write-user.ts'

/**
 * Looks at an account anew that was not as it had been planned for: somebody else has changed Keycloak since, or has one of its
 * names. It is planned once more from what is there now, and what that says is done.
 * @param words why it came to this, for whoever is refused again
 */
export const settleAgain = async (work: BatchAtWork, { subject }: PlannedSubject, words: string): Promise<void> => {
  const { realm, writer, signal } = work
  const seen = await seeUser(realm, subject, { depth: 'thorough', signal })
  const census = await realm.census.first(signal)
  const planned = planSubject(await knowSubject(realm, { ...subject, seen }, { census, signal }), writer)
  const { change, requests } = planned
  switch (requests.kind) {
    case 'create': {
      work.sends(planned)
      const user = toUserImport(requests.wanted, writer)
      const fate = (await importChunk(realm, [user], { runId: writer.runId, signal })).get(user.id)
      const isThere = fate?.kind === 'created'
      return work.ends(planned, isThere ? outcomeOf(change) : rejected(change.mxid, wordsOf(fate) ?? words))
    }
    case 'change': {
      work.sends(planned)
      const answer = await changeUser(realm, requests, signal)
      const own = 'words' in answer ? answer.words : words
      return work.ends(planned, answer.kind === 'done' ? outcomeOf(change) : rejected(change.mxid, own))
    }
    case 'refuse':
      return work.ends(planned, rejected(change.mxid, requests.words))
    case 'delete':
    case 'nothing':
      return work.ends(planned, outcomeOf(change))
  }
}

const wordsOf = (fate: object | undefined): string | undefined =>
  fate !== undefined && 'words' in fate && typeof fate.words === 'string' ? fate.words : undefined
