/** What a finished run left on record at the target. */
export interface PastRun {
  readonly runId: string
  /** Milliseconds since 1970. */
  readonly asOf: number
}

/**
 * How far a target with a database has come.
 * empty: no rows of people. online: our copy stands aside, and nobody uses it. migrated: rows of ours are in place,
 * by a load, a merge or a final run. people: rows of people, none of them ours.
 */
export type RoadState = 'empty' | 'online' | 'migrated' | 'people'

/**
 * load: fills an empty target. online: fills it aside, or brings that copy up to date. final: brings it up to date and
 * puts it in its place. merge: works beside the people that the target has.
 */
export type RoadRunKind = 'load' | 'online' | 'final' | 'merge'

/**
 * The newest run, where it did not end. `open`: what it has committed stands. `taken back`: it failed, was stopped or
 * died while it filled an empty target, which is empty again.
 */
export interface UnfinishedRun extends PastRun {
  readonly kind: RoadRunKind
  readonly left: 'open' | 'taken back'
  /** The only cohort that it looks at. */
  readonly cohort?: string
}

/** A run that looks at a part of the accounts: those of one cohort, or the first so many. */
export interface RunPart {
  readonly cohort?: string
}

/** A cohort as it was frozen, and how far it has come. */
export interface CohortState {
  readonly name: string
  /** Accounts that were put into it, and of the rest those on record that have come since. */
  readonly members: number
  /** A run has begun to copy it, or to copy everybody, or all of it was on record. */
  readonly begun: boolean
  /** Members on record: written, or held back by their decision. */
  readonly recorded: number
}

/** What the journal says of the runs before this one. */
export interface RoadHistory {
  readonly state: RoadState
  /** Finished runs, the newest first. */
  readonly runs: readonly PastRun[]
  /** Runs of which something may stand, finished or not, the newest first. */
  readonly standing: readonly string[]
  readonly unfinished?: UnfinishedRun
  /** A load whose rows are in place but were not recorded as ours: it ended in between. */
  readonly unrecorded?: PastRun
  /**
   * The newest run of a copy of which not all that it wrote was found to be what it should be: it differed, or the run ended
   * before it was compared.
   */
  readonly unproved?: PastRun
  /** No run that looked at everybody has ended in this copy. */
  readonly partial?: true
  /** Runs that were taken back by a rollback; absent where none were. */
  readonly takenBack?: readonly string[]
  /** True once `migrate --final` ended. */
  readonly final: boolean
  /** The mapping by which all accounts on record were decided: another one decides anew about everybody. */
  readonly mappingSha256?: string
  /** Cohorts as they were frozen; absent where none were. */
  readonly cohorts?: readonly CohortState[]
}
