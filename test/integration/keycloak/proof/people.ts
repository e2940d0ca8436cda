/** How the hash that stands in Synapse's database came about, where it was not Synapse as it is configured now. */
export type Origin = { readonly prefix: '2a' | '2x' | '2y' } | { readonly cost: number }

/** Somebody with a password that has something about it. */
export interface PasswordPerson {
  readonly title: string
  readonly localpart: string
  readonly password: string
  /** What looks like the password and is another one. Default: it with a sign before it. */
  readonly wrong?: string
  readonly origin?: Origin
}

/** An a with a ring, as one character and as two. */
const COMPOSED = '\u00e5sa'
const DECOMPOSED = 'a\u030asa'

/** What bcrypt looks at, in bytes. */
const SEEN = 72
const long = (bytes: number): string => 'correct horse battery staple '.repeat(4).slice(0, bytes)

/** Nobody has a password that another one's login could let in. */
export const PASSWORDS: readonly PasswordPerson[] = [
  { title: 'ASCII', localpart: 'ascii', password: 'correct horse' },
  { title: 'composed', localpart: 'composed', password: `${COMPOSED} 1` },
  { title: 'decomposed', localpart: 'decomposed', password: `${DECOMPOSED} 2` },
  { title: 'full width', localpart: 'full-width', password: 'ｆｏｘ４２' },
  { title: 'a ligature', localpart: 'ligature', password: 'ﬁne oﬃce' },
  { title: '71 bytes', localpart: 'bytes-71', password: long(71), wrong: long(72) },
  { title: '72 bytes', localpart: 'bytes-72', password: long(SEEN) },
  { title: '73 bytes', localpart: 'bytes-73', password: long(73) },
  { title: '100 bytes', localpart: 'bytes-100', password: long(100) },
  { title: 'a character that is cut at 72 bytes', localpart: 'cut', password: `${long(SEEN - 1)}ä and more` },
  { title: 'a NUL inside', localpart: 'nul', password: 'before\0after', wrong: 'before' },
  { title: 'emoji', localpart: 'emoji', password: '🦊🦊 👩‍👩‍👧 fox' },
  { title: 'blanks around it', localpart: 'blanks', password: '  in the middle  ', wrong: 'in the middle' },
  { title: 'a hash of cost 12', localpart: 'cost-12', password: 'slow and steady', origin: { cost: 12 } },
  { title: 'a hash with the prefix 2a', localpart: 'prefix-2a', password: 'prefix a', origin: { prefix: '2a' } },
  { title: 'a hash with the prefix 2x', localpart: 'prefix-2x', password: 'prefix x', origin: { prefix: '2x' } },
  { title: 'a hash with the prefix 2y', localpart: 'prefix-2y', password: 'prefix y', origin: { prefix: '2y' } },
]

/** Who types their password otherwise than it was set, at the first login; Synapse took both for the same. */
export const OTHER_SPELLINGS = {
  unicode: { localpart: 'respelt', password: `${COMPOSED} 3`, typed: `${DECOMPOSED} 3` },
  tail: { localpart: 'long-winded', password: `${long(SEEN)} and so on`, typed: `${long(SEEN)} or otherwise` },
} as const

/** Who is looked at in a browser. */
export interface Seen {
  readonly localpart: string
  readonly password: string
  readonly displayname?: string
  readonly emails?: readonly string[]
  readonly phone?: string
}

export const ANN: Seen = {
  localpart: 'ann',
  password: 'ann’s password',
  displayname: 'Ann',
  emails: ['ann@proof.example'],
}
export const FOX: Seen = {
  localpart: 'fox',
  password: 'fox’s password',
  displayname: 'Fox (they/them)',
  emails: ['fox@proof.example', 'fox@den.example'],
  phone: '447700900123',
}
/** Names that Keycloak would refuse to make itself. */
export const SHORT: Seen = { localpart: 'q', password: 'q’s password' }
export const SIGNS: Seen = { localpart: 'x/y=z+1', password: 'x’s password' }
/** Whose link to Keycloak is taken out of Synapse's database. */
export const UNLINKED: Seen = { localpart: 'unlinked', password: 'unlinked’s password' }
export const LOCKED: Seen = { localpart: 'locked', password: 'locked’s password' }
export const GONE: Seen = { localpart: 'gone', password: 'gone’s password' }

/** Has an SSO identity and no password: the person of another name at the provider `google`. */
export const LINKED = { localpart: 'linked', atGoogle: { username: 'linda', password: 'linda’s password' } } as const
