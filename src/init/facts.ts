import type { Finding } from '../findings/finding.ts'
import type { HomeserverConfig } from '../synapse/homeserver.ts'

/** What there is of one thing: its name and how many. */
export interface NamedCount {
  readonly name: string
  readonly count: number
}

/** How many accounts a namespace of an application service matches, beside those that Synapse marks as its own. */
export interface NamespaceUse {
  readonly regex: string
  readonly exclusive: boolean
  /** The application service's id. */
  readonly service: string
  /** Absent where PostgreSQL does not understand the expression, which is Python's. */
  readonly matched?: {
    readonly unmarked: number
    /** Of which have a password, an SSO identity or a device: people, by the look of it. */
    readonly likePeople: number
  }
}

/** What the source's rows say, as far as the starter files need it. */
export interface SourceFacts {
  readonly accounts: number
  readonly guests: number
  readonly deactivated: number
  readonly locked: number
  /** Accounts that Synapse marks as an application service's. */
  readonly ofServices: number
  /** Accounts of people: none of the above but those that are locked. */
  readonly people: number
  /** SSO identities by `auth_provider`, the most frequent first. */
  readonly providers: readonly NamedCount[]
  /** People by the domain of their e-mail, the most frequent first; a few. */
  readonly emailDomains: readonly NamedCount[]
  /** People one of whose devices was seen since `ACTIVE_DAYS` before the as-of time. */
  readonly active: number
  readonly namespaces: readonly NamespaceUse[]
}

/** Somebody who was seen in so many days counts as active. */
export const ACTIVE_DAYS = 30

/** What could not be looked at, and why, in words. */
export interface Unseen {
  readonly what: string
  readonly why: string
}

/** All that the starter files are made of. */
export interface InitFacts {
  readonly homeserver: HomeserverConfig
  /** Its files and folders, as they were named. */
  readonly synapseConfig: readonly string[]
  readonly target: {
    readonly name: string
    readonly configFiles: readonly string[]
    /** Its providers, by the names that Synapse's rows may have; absent: nobody could ask. */
    readonly providers?: readonly string[]
  }
  /** As it was given, when it was; absent: as homeserver.yaml says. */
  readonly synapseDatabase?: GivenDatabase
  readonly targetDatabase?: GivenDatabase
  readonly source?: SourceFacts
  /** Of the check with every rule at its default; absent where not both ends could be reached. */
  readonly findings?: readonly Finding[]
  readonly unseen: readonly Unseen[]
  /** Milliseconds since 1970. */
  readonly asOf: number
}

/** A database that somebody gave: a URL with a password is not written into a file again. */
export type GivenDatabase =
  | { readonly url: string }
  /** The file that holds the URL. */
  | { readonly file: string }
  /** Where it came from, such as `SYN2OP_SYNAPSE_DATABASE`, and the settings file that holds it, where one does. */
  | { readonly secretFrom: string; readonly settingsFile?: string }

/** The configuration files of targets that are reached by an API alone, with no database of theirs. */
const OF_APIS: Readonly<Record<string, string>> = { keycloak: 'keycloak.yaml', auth0: 'auth0.yaml' }

/** As the configuration file of such a target is called; undefined: the target has a database. */
export const fileOfApi = ({ name }: Pick<InitFacts['target'], 'name'>): string | undefined =>
  Object.hasOwn(OF_APIS, name) ? OF_APIS[name] : undefined

/** The target as a sentence names it. */
export const targetName = ({ name }: Pick<InitFacts['target'], 'name'>): string => {
  if (name === 'mas') return 'MAS'
  if (name === 'keycloak') return 'Keycloak'
  if (name === 'auth0') return 'Auth0'
  return /[/\\]/u.test(name) ? 'the target' : name
}
