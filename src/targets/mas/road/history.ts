import type { RoadHistory, RoadState, UnfinishedRun } from '../../sql-road.ts'
import type { PastRun } from '../../target.ts'
import { PROVING, RECORDING, type RunRecord, readRuns } from '../load/journal.ts'
import type { MasDatabase } from '../mas-database.ts'
import { standsAside } from './location.ts'

/** What the journal and the tables say of the runs before this one. */
export const readHistory = async (database: MasDatabase): Promise<RoadHistory> => {
  const runs = await readRuns(database.control)
  const aside = await standsAside(database.control)
  const { tables } = await database.inspection()
  return toHistory(runs, { aside, filled: tables.some(({ hasRows }) => hasRows === true) })
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
  const unproved = state === 'online' ? done.find(({ activity }) => activity === PROVING) : undefined
  const isUnrecorded = state === 'migrated' && load?.activity === RECORDING
  return {
    state,
    runs: done.map(toPastRun),
    final: state === 'migrated' && done.some(({ kind }) => kind === 'final'),
    ...(unfinished === undefined ? {} : { unfinished }),
    ...(isUnrecorded ? { unrecorded: toPastRun(load) } : {}),
    ...(unproved === undefined ? {} : { unproved: toPastRun(unproved) }),
    ...(mapping === undefined ? {} : { mappingSha256: mapping }),
  }
}

const stateOf = (done: readonly RunRecord[], { aside, filled }: TablesFound): RoadState => {
  if (aside) return 'online'
  if (!filled) return 'empty'
  return done.length > 0 ? 'migrated' : 'people'
}

/** The mapping of the last finished run, unless a later one that did not end has decided by another. */
const oneMapping = (runs: readonly RunRecord[]): string | undefined => {
  const last = runs.findIndex(({ state }) => state === 'done')
  const since = runs.slice(0, last + 1).filter(({ state }) => state !== 'undone')
  const [mapping, ...others] = new Set(since.map(({ mappingSha256 }) => mappingSha256))
  return others.length === 0 ? mapping : undefined
}

const toPastRun = ({ runId, asOf }: RunRecord): PastRun => ({ runId, asOf })

const unfinishedRun = ({ state, kind, runId, asOf }: RunRecord): UnfinishedRun | undefined =>
  state === 'open' || state === 'undone'
    ? { runId, asOf, kind, left: state === 'open' ? 'open' : 'taken back' }
    : undefined
