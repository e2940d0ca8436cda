import { type ChangeRequests, type Step, stepsOf } from '../accounts/user-requests.ts'
import type { PlannedSubject } from '../plan/subject.ts'
import type { BatchAtWork } from './batch-at-work.ts'
import { endsWith } from './change-users.ts'
import { sendSteps } from './write-user.ts'

/** Why somebody is not written yet. */
export const STILL_HELD = 'Another account still has its identity'

/**
 * Users who get a link that another of the batch has. Keycloak takes the same link for two users without a word, so they get it
 * only once the other has given it up; where that one keeps it after all, nothing is added to them. Links may go round in a ring:
 * whoever has one that another waits for gives it up first.
 */
export interface LinkHeirs {
  has(planned: PlannedSubject): boolean
  /** All of a change that comes before its new links. */
  begin(planned: PlannedSubject): Promise<void>
  /** Those whose change has begun. */
  begun(): readonly PlannedSubject[]
  /** The rest of a change, once everybody has begun; or its links as they were, to be looked at anew. */
  finish(planned: PlannedSubject): Promise<void>
  /** Of users to be made, those who can be now; the others are looked at anew. */
  able(planned: readonly PlannedSubject[]): readonly PlannedSubject[]
}

export const openHeirs = (work: BatchAtWork, planned: readonly PlannedSubject[]): LinkHeirs => {
  const ids = new Set(planned.map(({ subject }) => subject.id))
  const holdersOf = ({ subject }: PlannedSubject): readonly string[] =>
    (subject.linksOf ?? []).filter((id) => ids.has(id))
  const heirs = new Map(planned.filter((one) => holdersOf(one).length > 0).map((one) => [one.subject.id, one] as const))
  const holders = new Set([...heirs.values()].flatMap(holdersOf))
  /** What puts back the links of those whose change has begun. */
  const undos = new Map<string, readonly Step[]>()
  let stuck: ReadonlySet<string> | undefined

  /** Nobody waits for the links of who is no holder: they keep them until the new ones come. */
  const firstSteps = ({ id, removeLinks }: ChangeRequests): number => 1 + (holders.has(id) ? removeLinks.length : 0)

  /** Who cannot get theirs since the holder keeps it, or cannot get theirs either. */
  const findStuck = (): ReadonlySet<string> => {
    const found = new Set<string>()
    const keeps = (id: string): boolean => found.has(id) || (work.isUndone(id) && !undos.has(id))
    for (let before = -1; before < found.size; ) {
      before = found.size
      for (const [id, heir] of heirs) if (holdersOf(heir).some(keeps)) found.add(id)
    }
    return found
  }
  const isStuck = ({ subject: { id } }: PlannedSubject): boolean => {
    stuck ??= findStuck()
    return stuck.has(id)
  }

  return {
    has: ({ subject: { id } }) => heirs.has(id),

    async begin(one) {
      const { requests } = one
      if (requests.kind !== 'change') return
      work.sends(one)
      const steps = stepsOf(requests).slice(0, firstSteps(requests))
      const { answer, undo } = await sendSteps(work.realm, { id: requests.id, steps }, work.signal)
      if (answer.kind === 'done') undos.set(requests.id, undo)
      else endsWith(work, one, answer)
    },

    begun: () => [...heirs].flatMap(([id, one]) => (undos.has(id) ? [one] : [])),

    async finish(one) {
      const { requests } = one
      if (requests.kind !== 'change') return
      const { id } = requests
      const undo = undos.get(id) ?? []
      if (isStuck(one)) {
        await sendSteps(work.realm, { id, steps: undo }, work.signal)
        return work.looksAgain({ planned: one, words: STILL_HELD })
      }
      const steps = stepsOf(requests).slice(firstSteps(requests))
      // What another has by now is not put back.
      const part = { id, steps, ...(holders.has(id) ? {} : { undo }) }
      const { answer } = await sendSteps(work.realm, part, work.signal)
      endsWith(work, one, answer)
    },

    able(all) {
      for (const one of all) if (isStuck(one)) work.looksAgain({ planned: one, words: STILL_HELD })
      return all.filter((one) => !isStuck(one))
    },
  }
}
