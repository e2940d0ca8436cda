import type { PresentUser } from '../api/user.ts'
import type { PlannedSubject } from '../plan/subject.ts'

/** The changes of a batch by which a name becomes free that another account of the batch is to get. */
export interface FreeingChanges {
  /** They give up an address: those of one step may be written at once, before those of the next and before all others. */
  readonly steps: readonly (readonly PlannedSubject[])[]
  /** Users as they are whose addresses go round in a ring: none can be written before another has given up its own. */
  readonly ring: readonly PresentUser[]
  /** They get another username. */
  readonly usernames: readonly PlannedSubject[]
}

export const freeingChanges = (planned: readonly PlannedSubject[]): FreeingChanges => {
  const usernames = renamed(planned)
  const wanted = new Set(planned.flatMap((one) => newEmail(one) ?? []))
  const emails = planned.filter((one) => wanted.has(freedEmail(one) ?? '') && !usernames.includes(one))
  const steps: (readonly PlannedSubject[])[] = []
  let left = emails
  for (;;) {
    const held = new Set(left.map(freedEmail))
    const step = left.filter((one) => !held.has(newEmail(one)))
    if (step.length === 0) break
    steps.push(step)
    left = left.filter((one) => !step.includes(one))
  }
  return { steps, ring: left.flatMap(({ subject }) => subject.seen.present ?? []), usernames }
}

const renamed = (planned: readonly PlannedSubject[]): readonly PlannedSubject[] => {
  const wanted = new Set(
    planned.flatMap(({ requests }) => {
      if (requests.kind === 'create') return [requests.wanted.username]
      return requests.kind === 'change' ? [requests.put.username] : []
    }),
  )
  return planned.filter(({ requests, subject: { seen } }) => {
    const before = seen.present?.username
    return requests.kind === 'change' && before !== undefined && before !== requests.put.username && wanted.has(before)
  })
}

const freedEmail = ({ requests }: PlannedSubject): string | undefined =>
  requests.kind === 'change' ? requests.freesEmail?.toLowerCase() : undefined

const newEmail = ({ requests, subject: { seen } }: PlannedSubject): string | undefined => {
  if (requests.kind === 'create') return requests.wanted.email
  const email = requests.kind === 'change' ? requests.put.email?.toLowerCase() : undefined
  return email === seen.present?.email?.toLowerCase() ? undefined : email
}
