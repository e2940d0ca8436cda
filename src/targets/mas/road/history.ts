import type { PastRun, RoadHistory, RoadState, UnfinishedRun } from '../../road-history.ts'
import { isUnrecorded, PROVING, ROLLED_BACK, type RunKind, type RunRecord, readRuns } from '../load/journal.ts'
import type { MasDatabase } from '../mas-database.ts'
import { readCohorts } from './cohorts.ts'
import { standsAside } from './location.ts'

/** What the journal and the tables say of the runs before this one. */
export const readHistory = async (database: MasDatabase): Promise<RoadHistory> => {
  const runs = await readRuns(database.control)
  const aside = await standsAside(database.control)
  const { tables } = await database.inspection()
  const cohorts = await readCohorts(database)
  return {
    ...toHistory(runs, { aside, filled: tables.some(({ hasRows }) => hasRows === true) }),
    ...(cohorts.length === 0 ? {} : { cohorts }),
  }
}

export interface TablesFound {
  /** Whether they stand in our schema. */
  readonly aside: boolean
  /** Whether any holds a row of people. */
  readonly filled: boolean
}

/** @param runs the newest first. */
export const toHistory = (runs: readonly RunRecord[], found: TablesFound): RoadHistory => {
  const done = runs.filter(({ state }) => state === 'done')
  const state = stateOf(done, found)
  const [newest] = runs
  const unfinished = newest === undefined ? undefined : unfinishedRun(newest)
  const load = done.find(({ kind }) => kind === 'load')
  const mapping = oneMapping(runs)
  const unproved = state === 'online' ? runs.find(isUnproved) : undefined
  const takenBack = runs.filter(isRolledBack).map(({ runId }) => runId)
  const isPartial = state === 'online' && done.every(({ part }) => part !== undefined)
  const unrecorded = state === 'migrated' && load !== undefined && isUnrecorded(load) ? load : undefined
  return {
    state,
    runs: done.map(toPastRun),
    standing: runs.filter(isStanding).map(({ runId }) => runId),
    final: state === 'migrated' && done.some(({ kind }) => kind === 'final'),
    ...(unfinished === undefined ? {} : { unfinished }),
    ...(takenBack.length === 0 ? {} : { takenBack }),
    ...(unrecorded === undefined ? {} : { unrecorded: toPastRun(unrecorded) }),
    ...(isPartial ? { partial: true } : {}),
    ...(unproved === undefined ? {} : { unproved: toPastRun(unproved) }),
    ...(mapping === undefined ? {} : { mappingSha256: mapping }),
  }
}

const stateOf = (done: readonly RunRecord[], { aside, filled }: TablesFound): RoadState => {
  if (aside) return 'online'
  if (!filled) return 'empty'
  return done.length > 0 ? 'migrated' : 'people'
}

/** The mapping of all runs by which accounts on record may have been decided; undefined where these are several. */
const oneMapping = (runs: readonly RunRecord[]): string | undefined => {
  const [mapping, ...others] = new Set(decidingRuns(runs).map(({ mappingSha256 }) => mappingSha256))
  return others.length === 0 ? mapping : undefined
}

const DECIDING: readonly RunKind[] = ['load', 'online', 'final', 'merge']

/**
 * The runs by which the accounts on record may have been decided: the last that looked at all of them and ended, and the
 * later ones, which looked at a part or did not end.
 * @param runs the newest first.
 */
export const decidingRuns = (runs: readonly RunRecord[]): readonly RunRecord[] => {
  const written = runs.filter((one) => {
    const stands = one.state === 'done' || one.state === 'open' || isRolledBack(one)
    return stands && DECIDING.includes(one.kind)
  })
  const whole = written.findIndex(({ state, part }) => state === 'done' && part === undefined)
  return written.slice(0, whole < 0 ? undefined : whole + 1)
}

const isUnproved = ({ state, activity }: RunRecord): boolean =>
  (state === 'done' || state === 'open') && activity === PROVING

const isRolledBack = ({ state, activity }: RunRecord): boolean => state === 'undone' && activity === ROLLED_BACK

const isStanding = ({ state }: RunRecord): boolean => state === 'done' || state === 'open'

const toPastRun = ({ runId, asOf }: RunRecord): PastRun => ({ runId, asOf })

const unfinishedRun = (newest: RunRecord): UnfinishedRun | undefined => {
  const { state, kind, runId, asOf, part } = newest
  if (isRolledBack(newest) || (state !== 'open' && state !== 'undone')) return undefined
  return {
    runId,
    asOf,
    kind,
    left: state === 'open' ? 'open' : 'taken back',
    ...(part?.cohort === undefined ? {} : { cohort: part.cohort }),
  }
}
