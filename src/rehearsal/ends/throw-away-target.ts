import type { Mapping } from '../../mapping/mapping.ts'
import type { Target } from '../../targets/target.ts'
import type { StartContext } from '../services/way.ts'

/** Something that a rehearsal cannot show. */
export interface Unproved {
  /** logins: whether passwords log in; tokens: whether old tokens work; sso: whether people who come by a provider do. */
  readonly what: 'logins' | 'tokens' | 'sso' | 'rollback'
  /** One sentence: `No mas-cli is there, so no MAS ran: give its path with --mas-cli`. */
  readonly why: string
}

/** What can be asked after the move, and where. */
export interface ProofEnds {
  /** Where passwords log in; absent: the target says itself whether it takes them (`Target.login`). */
  readonly loginUrl?: string
  /** Where old tokens are shown (whoami); absent: nowhere. */
  readonly homeserverUrl?: string
  /** Ends what was started for the proofs alone. */
  stop(): Promise<void>
}

/** An OpenID Provider that is thrown away, ready to be filled. */
export interface ThrowAwayTarget {
  readonly name: string
  /** Services that it runs on, for people, each as `Service.what`. */
  readonly services: readonly string[]
  /** Its configuration, as `--target-config` would name it. */
  readonly configFile: string
  readonly mapping: Mapping
  /** Each time a new one; the engine closes it. */
  open(signal: AbortSignal): Promise<Target>
  /** Called after a verified migration. Absent: nothing has to be started for it. */
  startProofs?(context: StartContext): Promise<ProofEnds>
  readonly unproved: readonly Unproved[]
  /** Whether it brings a password to the form that Synapse hashed (NFKC) before it checks it; absent: it does. */
  readonly normalises?: 'no'
  /** By what its time goes, where that is not the machine's: milliseconds. */
  readonly clock?: { readonly now: () => number }
  /**
   * Lets everything that it has go on when we end (its guards are dismissed); what ends it then is a sweep. Absent: it lives in our
   * process, and nothing of it can be kept.
   */
  keep?(): Promise<void>
  /** Ends it, with all that it has. May be called more than once. */
  stop(): Promise<void>
}
