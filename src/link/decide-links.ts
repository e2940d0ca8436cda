import type { OwnedLink, PresentLink } from './link-place.ts'

/** An account that cannot be linked, since a link that is there says otherwise. */
export interface LinkConflict {
  readonly mxid: string
  /**
   * taken: this person of Keycloak is another account's. linked: the account is another person's. stranger: the account of
   * this name there is somebody else's. other: where people log in, its owner comes as somebody else.
   */
  readonly why: 'taken' | 'linked' | 'stranger' | 'other'
  /** Whose the link is, or whom it leads to; of a stranger, the account as the table of links calls it; of another, their id. */
  readonly by: string
}

export interface DecidedLinks {
  readonly write: readonly OwnedLink[]
  /** How many are there already, as they should be. */
  readonly there: number
  readonly conflicts: readonly LinkConflict[]
}

/** What becomes of each link. Nothing of anybody's is ever overwritten. */
export const decideLinks = (wanted: readonly OwnedLink[], present: Iterable<PresentLink>): DecidedLinks => {
  const bySubject = new Map<string, PresentLink>()
  const byUser = new Map<string, PresentLink>()
  for (const link of present) {
    if (link.user === null) continue
    bySubject.set(link.subject, link)
    byUser.set(link.user, link)
  }
  const write: OwnedLink[] = []
  const conflicts: LinkConflict[] = []
  let there = 0
  for (const link of wanted) {
    const holder = bySubject.get(link.subject)
    const own = byUser.get(link.user)
    if (holder?.user === link.user) there++
    else if (holder !== undefined) conflicts.push({ mxid: link.mxid, why: 'taken', by: holder.who })
    else if (own !== undefined) conflicts.push({ mxid: link.mxid, why: 'linked', by: own.subject })
    else write.push(link)
  }
  return { write, there, conflicts }
}

/** Nobody gets the account of somebody else who has the same name there. */
export const withoutStrangers = (decided: DecidedLinks, strangers: ReadonlySet<string>): DecidedLinks => ({
  ...decided,
  write: decided.write.filter(({ mxid }) => !strangers.has(mxid)),
  conflicts: [
    ...decided.conflicts,
    ...decided.write
      .filter(({ mxid }) => strangers.has(mxid))
      .map(({ mxid, user }): LinkConflict => ({ mxid, why: 'stranger', by: user })),
  ],
})

/** Who comes as somebody else is not that one's by right, and comes never by an id of their own. */
export const asOthers = (others: ReadonlyMap<string, string>): readonly LinkConflict[] =>
  Array.from(others, ([mxid, by]) => ({ mxid, why: 'other', by }))
