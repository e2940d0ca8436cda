import type { Client } from 'pg'
import type { Person } from '../accounts/account.ts'
import type { LeftRelations, ShutWays } from '../accounts/decisions/rules.ts'
import type { Relation } from '../accounts/relations.ts'
import type { Finding } from '../findings/finding.ts'
import type {
  EndDescription,
  OutcomeCount,
  RelationCount,
  RowDifference,
  TableVerification,
} from '../report/documents.ts'
import type { Forecast } from '../report/plan-parts.ts'
import type { Upgraded } from '../report/status.ts'
import type { HomeserverConfig } from '../synapse/homeserver.ts'
import type { Batch } from './batch.ts'
import type { Changes, Outcome } from './changes.ts'
import type { EarlierRuns } from './earlier-runs.ts'
import type { ProgressListener } from './progress.ts'
import type { SqlRoad } from './sql-road.ts'

/** A provider of the target, by the name under which Synapse's rows know it. */
export interface TargetProvider {
  readonly id: string
  readonly authProvider: string
  /** What people of the target call it; absent: as Synapse's rows do. */
  readonly called?: string
}

export interface TargetCheck {
  readonly homeserver: HomeserverConfig
  /** Rows of SSO identities per provider that would be carried or have no provider, under their mapped names. */
  readonly providersInUse: readonly { readonly authProvider: string; readonly count: number }[]
  /** Hashes to be carried; where nobody has counted them there are taken to be some. */
  readonly passwords?: number
  /** All rows that were counted, with those that are to be carried; absent where nobody has counted. */
  readonly relations?: readonly RelationCount[]
  /** A connection to the source; absent when it could not be opened. */
  readonly source?: Client
  /**
   * Everybody who migrates, named as they would be, in no order: read from the source each time anew, one account after the other.
   * Absent where nobody has counted the source, or where the target follows none of the rules.
   */
  readonly people?: () => AsyncIterable<Person>
  /**
   * What the run is about to do: fill an empty target, bring an unfinished copy up to date, or work beside the people
   * that the target has.
   */
  readonly road: 'load' | 'copy' | 'merge'
}

/**
 * Rules of a mapping that not every target can follow. A mapping that asks for one that is absent here is refused before
 * anything is done; what is here reaches the target in fields of `Account`.
 */
export interface FollowedRules {
  /** `Account.username`: usernames other than the localpart. No two accounts get names that `fold` makes one. */
  readonly usernames?: true
  /** `Account.primaryEmail`. */
  readonly primaryEmail?: true
  /** `Account.attributes`. */
  readonly attributes?: true
}

export interface RunIdentity {
  readonly runId: string
  readonly asOf: number
  readonly serverName: string
  readonly mappingSha256: string
}

/** Of a run that is taken back, some of those that it may have written of. */
export interface RunToTakeBack {
  readonly runId: string
  /** Matrix ids, by the run's file. Runs of a chain are taken back one after the other with one and the same list. */
  readonly accounts: readonly string[]
}

export interface VerifyResult {
  readonly tables: readonly TableVerification[]
  /** The first differences of each table. */
  readonly differences: readonly RowDifference[]
  /** Accounts that were held back since somebody else's are in their way: not compared. */
  readonly inConflict?: number
}

/** For every piece of I/O: it ends soon after the signal is aborted. */
export interface Stoppable {
  readonly signal: AbortSignal
}

/** Accounts of a batch that is at work. */
export interface BatchSoFar {
  /** Those whose outcome is known, the rejected among them. */
  readonly attempted: number
  readonly rejected: number
}

/** For a target that tries accounts of a batch one after the other: when it had better leave the rest. */
export interface Patience {
  /** Asked in between. True: those that are left are `not attempted`. What is done is committed all the same. */
  readonly enough?: (soFar: BatchSoFar) => boolean
}

/** For a target to which looking costs more than writing. */
export interface Thoroughness {
  /**
   * `quick`: the batch is applied at once, and only that need be looked up which applying it will not find out; what then turns
   * out to be otherwise is in the outcomes. `thorough`, or absent: everything that can be known is looked up.
   */
  readonly depth?: 'quick' | 'thorough'
  /** What is found proves what is there, and leads to nothing else: every account is to be looked at where it is. */
  readonly proof?: true
  /**
   * All other accounts have had their turn: nobody can wait any more. The core comes back so to those whose change `waits`, and to
   * those that `apply` did not attempt though it might.
   */
  readonly last?: true
}

/** For a target that looks at accounts one after the other: whoever watches wants to see it go on. */
export interface Watched {
  /** Told of so many accounts of the batch that are looked at by now, of whom it has not been told before. */
  readonly looked?: (accounts: number) => void
}

/** What a plan says is to be done, as far as the time for it depends on it. */
export interface PlannedWork {
  /** Accounts, by how they would end. */
  readonly outcomes: readonly OutcomeCount[]
  /** Everybody who would be at the target afterwards. */
  readonly accounts: number
}

/** How long it takes by what the target allows in a time. */
export type Foretold = Pick<Forecast, 'phases' | 'afterwards'> & Required<Pick<Forecast, 'basis'>>

/** Of one account: whether the target let its owner in with the password given. */
export interface LoginResult {
  readonly mxid: string
  readonly loggedIn: boolean
  /** The target's own words where it refused, without a secret. */
  readonly message?: string
}

/**
 * One OpenID Provider, made from its parsed settings by a function of its room.
 *
 * How to write one:
 * 1. Keep it dumb. It knows its own tables or requests, nothing of the command line, the environment, the terminal or
 *    another target. It decides nothing about accounts: that is done before it is asked. Retry, pacing, order, journal,
 *    redaction and reports are the core's.
 * 2. `plan` compares the batch with what is there and says for every account of it what would be done. It writes nothing.
 * 3. `apply` does that and nothing else. It reports an account only once the target has committed it; one bad account
 *    is `rejected` with the target's own words, and the others are written all the same.
 * 4. Doing the same twice changes nothing. An account that was written is found again by its natural key.
 * 5. What is not ours is never touched: a name, an e-mail or an identity that somebody else has is a conflict. What was
 *    ours and has been changed at the target since is theirs: reported, never overwritten.
 * 6. Errors are `Syn2opError`s whose messages hold no secret. Every piece of I/O ends soon after its signal is aborted.
 * 7. Run the suite of `syn2op/testing` over it until it passes; it says in its own failures what is wrong.
 */
export interface Target<Planned extends Changes = Changes> {
  /** As `--target` names it. */
  readonly name: string
  readonly providers: readonly TargetProvider[]
  /** Whether it takes no passwords, and which of its providers nobody can log in with; absent: every way in is open. */
  readonly shut?: ShutWays
  /** Relations of which it takes no rows: they are left, and an `Account` holds none of them; absent: it takes all. */
  readonly leaves?: LeftRelations
  /** Relations of whose rows it tells nobody anything: a proof counts them by what was sent. Absent: it tells of all. */
  readonly unseen?: readonly Relation[]
  /** How many identities of one provider an account can have; absent: any number. The others are left. */
  readonly identities?: 'one per provider'
  /**
   * By which issuers it is known where it is itself a provider of Synapse's: identities there are no way in that is lost. A target
   * without it is none.
   */
  issuers?(stop: Stoppable): Promise<readonly string[]>
  /** How many accounts a batch may have at most. */
  readonly batchSize: number
  /** Which rules it follows that not every target can; absent: none of them. */
  readonly follows?: FollowedRules
  describe(): Promise<EndDescription>
  /**
   * By what it is known again, by whichever address it is reached; for plans that a run is bound to. Never a secret. A target
   * without it is known by its product and its location.
   */
  identity?(): Promise<readonly string[]>
  /**
   * What of its configuration decides how rows are written, beside `providers`, in a few words each: a run that is bound to a plan
   * is refused where they are others. Never a secret.
   */
  readonly rowRules?: readonly string[]
  check(check: TargetCheck): Promise<readonly Finding[]>
  /** What would be done with a batch. Writes nothing. */
  plan(batch: Batch, stop: Stoppable & Thoroughness & Watched): Promise<Planned>
  /**
   * Does what was planned, and reports what is committed, every account of the batch once. Who must wait for another account of the
   * run is `not attempted`.
   */
  apply(changes: Planned, run: RunIdentity & Stoppable & Patience): Promise<readonly Outcome[]>
  close(): Promise<void>
  /** How long what was planned would take, where the target's own limits say so. Asked after the last `plan` of a dry run. */
  foretell?(planned: PlannedWork): Foretold
  /**
   * Keeps other runs away until `close`, and takes back what a run that died has left.
   * @returns what was taken back, in words; undefined where there was nothing.
   */
  takeOver?(): Promise<string | undefined>
  /**
   * Waits until what earlier runs have begun, and the target goes on with by itself, has come to its end. Asked before a run is
   * planned batch by batch, and before one is taken back; never before a plan that is only shown. May be asked again after a failure.
   */
  awaitEarlier?(earlier: EarlierRuns): Promise<void>
  /** A road for the whole of a homeserver by SQL, for a target whose database can be written to. */
  readonly sql?: SqlRoad
  /**
   * What a username, or an e-mail address, is compared by when somebody types it: of names that differ in capitals only the
   * same text, where the target takes no notice of capitals. Asked some thousands at a time, only for what is not
   * lower-case ASCII, answered in the same order. A target without it compares what is typed as it is.
   */
  fold?(texts: readonly string[], of: { readonly kind: 'username' | 'e-mail' } & Stoppable): Promise<readonly string[]>
  /**
   * Whether it can have an account of this username: who gets another one is held back, with the reason `username_refused`. Asked
   * only where `follows.usernames` is set; a target without it takes every username.
   */
  takesUsername?(username: string): boolean
  /** Whether a password is accepted: the proof of a canary. */
  login?(canary: { readonly mxid: string; readonly password: string }, stop: Stoppable): Promise<LoginResult>
  /** Whose passwords the target has hashed anew: as long as some are as they were moved, what checks them must stay. */
  upgraded?(look: Stoppable & { readonly progress: ProgressListener }): Promise<Upgraded>
  /**
   * Takes back what a run created of some accounts, as far as it is still as we wrote it; may be repeated. At most `batchSize`
   * accounts at a time.
   * @returns of every one of them of which something of that run was still there: `removed`, what the run created of it is gone;
   * `unchanged`, it stays as it is since somebody has changed or used it, or since nobody knows any more what of it is the run's;
   * `rejected`, with the target's own words; `not attempted`, since it was `enough` before their turn. Of whoever is not told of,
   * nothing of the run is there.
   */
  rollback?(run: RunToTakeBack, stop: Stoppable & Patience): Promise<readonly Outcome[]>
  /** How many accounts `rollback` takes back in a second, about; absent: nobody knows. */
  readonly rollbackPace?: { readonly least: number; readonly most: number }
}
