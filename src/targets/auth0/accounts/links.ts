import type { Account } from '../../../accounts/account.ts'
import type { Auth0Provider } from '../config/auth0-config.ts'

/** Somebody's identity at a provider. */
export interface Link {
  /** The name of the connection at Auth0 that takes the provider's place. */
  readonly connection: string
  readonly subject: string
  /** `action`: noted in the metadata, for the Action that links at the first login; `scim`: made and linked at once. */
  readonly how: 'action' | 'scim'
}

interface Placed {
  readonly links: readonly Link[]
  readonly leftLinks: readonly Link[]
}

/** What becomes of each identity. Whom SCIM makes is the primary of who is linked, so of those there can be one only. */
export const placeLinks = ({ identities }: Account, providers: readonly Auth0Provider[]): Placed => {
  const ways = new Map(providers.map(({ id, link }) => [id, link]))
  const links: Link[] = []
  const leftLinks: Link[] = []
  for (const { providerId: connection, subject } of identities) {
    const way = ways.get(connection) ?? 'leave'
    const link: Link = { connection, subject, how: way === 'scim' ? 'scim' : 'action' }
    const isSecondPrimary = way === 'scim' && links.some(({ how }) => how === 'scim')
    const isTaken = way !== 'leave' && isSubject(subject) && !isSecondPrimary
    if (isTaken) links.push(link)
    else leftLinks.push(link)
  }
  return { links, leftLinks }
}

/** The user_id of whom SCIM makes of an identity; undefined: the connection is none that the configuration names. */
export const scimIdOf = (
  link: Pick<Link, 'connection' | 'subject'>,
  providers: readonly Auth0Provider[],
): string | undefined => {
  const strategy = providers.find(({ id }) => id === link.connection)?.strategy
  return strategy === undefined ? undefined : `${strategy}|${noteOf(link)}`
}

/** How an identity is noted in the metadata: as the user_id of its own profile goes on after the strategy. */
export const noteOf = ({ connection, subject }: Pick<Link, 'connection' | 'subject'>): string =>
  `${connection}|${subject}`

/** The identity that is noted so; no connection has the sign in its name. */
export const linkOfNote = (note: string): Pick<Link, 'connection' | 'subject'> | undefined => {
  const at = note.indexOf('|')
  return at < 0 ? undefined : { connection: note.slice(0, at), subject: note.slice(at + 1) }
}

const isSubject = (subject: string): boolean => subject !== '' && subject.isWellFormed() && !subject.includes('\0')
