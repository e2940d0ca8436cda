import type { Place } from '../config/yaml/located.ts'
import type { Template } from './template.ts'

/** What becomes of the accounts of one kind. */
export type AccountRule = 'migrate' | 'hold_back'

/** What is done where something at the target belongs to somebody that syn2op did not write. */
export interface ConflictRules {
  /** An account of the same name: `adopt` takes it as the same person. */
  readonly username: 'hold_back' | 'adopt'
  /** The e-mail of another account: `leave` leaves the address, `hold_back` the whole account. */
  readonly email: 'hold_back' | 'leave'
  /** The SSO identity of another account, likewise. */
  readonly identity: 'hold_back' | 'leave'
}

/** Which accounts belong to a cohort: those that meet every condition given. Times are milliseconds since 1970. */
export interface CohortMatch {
  /** PostgreSQL regular expressions over the whole localpart; one of them must match. */
  readonly localparts?: readonly string[]
  /** Domains of the account's e-mail addresses, in lower case; one of them must be the domain of one. */
  readonly emailDomains?: readonly string[]
  /** Synapse's names of SSO providers; the account has an identity of one of them. */
  readonly providers?: readonly string[]
  /** When one of its devices was last seen; an account that never was is before every time. */
  readonly lastSeen?: TimeRange
  /** An account whose creation Synapse does not know is before every time. */
  readonly created?: TimeRange
  readonly admin?: boolean
  /** Matrix ids, and localparts without @ and server, from a list file. */
  readonly mxids?: readonly string[]
  /** Of all accounts, the same ones whenever and wherever it is asked; more than 0, at most 100. */
  readonly percent?: number
}

export interface TimeRange {
  /** At it or after it. */
  readonly after?: number
  readonly before?: number
}

/** A named part of the accounts. The first cohort that an account matches is its own; the last one takes the rest. */
export interface CohortRule {
  readonly name: string
  readonly match: CohortMatch
}

/** The cohort of all who match no other, and of those who come later. */
export const REST = 'rest'

/** How usernames are made. */
export interface UsernameRules {
  /** The first one all of whose values are known makes the name. */
  readonly from: readonly Template[]
  /** The oldest account keeps a name that several would get; the others are held back, or get a number after it. */
  readonly collision: 'hold_back' | 'number'
}

/** Which e-mail address is the primary one, and what becomes of the others. */
export interface EmailRules {
  readonly primary: 'oldest' | 'newest' | 'none'
  /** In lower case; addresses of the first one come before all others. */
  readonly preferDomains: readonly string[]
  readonly others: 'keep' | 'leave'
}

/** A warning that is acknowledged in the mapping. */
export interface AcceptRule {
  readonly code: string
  readonly reason?: string
  /** Milliseconds since 1970: from then on it counts no more. */
  readonly until?: number
}

/** The rules file, parsed: which accounts move, under which provider names. */
export interface Mapping {
  readonly file: string
  readonly sha256: string
  readonly accounts: {
    readonly guests: AccountRule
    readonly deactivated: AccountRule
    readonly locked: AccountRule
    /** People who have neither a password nor a known SSO identity. */
    readonly withoutLogin: AccountRule
    /** What `users.user_type` marks as bot or support, and the own users of application services; absent: they migrate. */
    readonly bots?: AccountRule
  }
  /** Namespaces of application services: regular expressions over the whole mxid, whose users are ghosts too. */
  readonly ghosts: readonly string[]
  /** Which namespaces of registration files are ghosts' too; absent: none. */
  readonly registrations?: 'exclusive' | 'all'
  /** Absent: the username is the localpart, and of twins the target tells. */
  readonly usernames?: UsernameRules
  /** Absent: the oldest is the primary one, and the others are kept. */
  readonly emails?: EmailRules
  /** Absent: none. */
  readonly attributes?: Readonly<Record<string, Template>>
  /** Synapse's provider name → the target's provider it belongs to (by `synapse_idp_id`), or 'leave'. */
  readonly providers: Readonly<Record<string, string>>
  readonly conflicts: ConflictRules
  /** In order; empty where the file names none. The rest is not among them. */
  readonly cohorts: readonly CohortRule[]
  /** Warnings acknowledged in the file. */
  readonly accept: readonly AcceptRule[]
  /** Where a rule stands in the file, or the section that it would stand in: `['accounts', 'guests']`. */
  readonly placeOf?: (path: readonly string[]) => Place | undefined
}
