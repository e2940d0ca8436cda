import type { PlannedSubject } from '../plan/subject.ts'

/** The changes of a batch by which a name becomes free that another account of the batch is to get. */
export interface FreeingChanges {
  /** They give up an address. */
  readonly emails: readonly PlannedSubject[]
  /** They get another username. */
  readonly usernames: readonly PlannedSubject[]
}

export const freeingChanges = (planned: readonly PlannedSubject[]): FreeingChanges => {
  const wanted = { emails: new Set<string>(), usernames: new Set<string>() }
  for (const { requests } of planned) {
    const user = requests.kind === 'create' ? requests.wanted : requests.kind === 'change' ? requests.put : undefined
    if (user === undefined) continue
    wanted.usernames.add(user.username)
    if (user.email !== undefined) wanted.emails.add(user.email)
  }
  return {
    emails: planned.filter(
      ({ requests }) =>
        requests.kind === 'change' && requests.freesEmail !== undefined && wanted.emails.has(requests.freesEmail),
    ),
    usernames: planned.filter(({ requests, subject }) => {
      const before = subject.seen.present?.username
      return (
        requests.kind === 'change' &&
        before !== undefined &&
        before !== requests.put.username &&
        wanted.usernames.has(before)
      )
    }),
  }
}
