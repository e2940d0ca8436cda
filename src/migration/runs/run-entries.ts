import type { PlanDocument, RunDocument } from '../../report/documents.ts'
import type { LinkDocument } from '../../report/link-document.ts'
import type { RollbackDocument } from '../../report/rollback-document.ts'
import type { RunEntry, RunState } from '../../report/runs-document.ts'
import type { RoadHistory } from '../../targets/road-history.ts'
import { haveSameEnds, lastAttempt, type Started, startOf, wroteNothing } from './attempt.ts'
import { processLives } from './process-lives.ts'
import type { StoredRun } from './read-run.ts'
import { progressOf } from './run-progress.ts'

/** What the target's journal says of runs. */
export type JournalRuns = Pick<RoadHistory, 'runs' | 'unfinished' | 'unrecorded' | 'takenBack'>

/**
 * The runs of the folders and of the target's journal as one list, the newest first. Where both know a run, the journal
 * is right about how it stands and the folder about all else.
 */
export const runEntries = (
  stored: readonly StoredRun[],
  journal: JournalRuns | undefined,
  isAlive: (started: Started, run: StoredRun) => boolean = processLives,
  now: number = Date.now(),
): readonly RunEntry[] => {
  const takenBack = new Set(
    stored.flatMap(({ rollback, link }) => [...runsTakenBack(rollback), ...linksTakenBack(link)]),
  )
  const folders = stored.map((run) => entryOf(run, { stored, journal, takenBack, isAlive, now }))
  const known = new Set(folders.map(({ runId }) => runId))
  const others = [...journalStates(journal)]
    .filter(([runId]) => !known.has(runId))
    .map(
      ([runId, state]): RunEntry => ({
        runId,
        state,
        ...(journal?.unrecorded?.runId === runId ? { unrecorded: true } : {}),
        record: 'journal',
      }),
    )
  return [...folders, ...others].toSorted((a, b) => (a.runId < b.runId ? 1 : -1))
}

const journalStates = (journal: JournalRuns | undefined): ReadonlyMap<string, RunState> => {
  if (journal === undefined) return new Map()
  const { runs, unfinished, unrecorded, takenBack = [] } = journal
  return new Map<string, RunState>([
    ...takenBack.map((runId) => [runId, 'taken back'] as const),
    ...runs.map(({ runId }) => [runId, 'done'] as const),
    ...(unrecorded === undefined ? [] : [[unrecorded.runId, 'unfinished'] as const]),
    ...(unfinished === undefined
      ? []
      : [[unfinished.runId, unfinished.left === 'open' ? 'unfinished' : 'taken back'] as const]),
  ])
}

interface Beside {
  readonly stored: readonly StoredRun[]
  /** Runs of which a rollback has left nothing. */
  readonly takenBack: ReadonlySet<string>
  readonly journal: JournalRuns | undefined
  readonly isAlive: (started: Started, run: StoredRun) => boolean
  /** Milliseconds since 1970. */
  readonly now: number
}

const entryOf = (run: StoredRun, beside: Beside): RunEntry => {
  const attempt = lastAttempt(run)
  const started = startOf(run)
  const failed = attempt.find((event) => event.event === 'failed')
  const last = attempt.at(-1)
  const { plan, rollback, link, paused, report } = run
  const state = stateOf(run, beside)
  const isAtWork = state === 'running'
  const isOnRecord = journalStates(beside.journal).has(run.runId)
  return {
    runId: run.runId,
    state,
    ...(isAtWork && paused !== undefined ? { paused } : {}),
    ...(isAtWork && started !== undefined ? progressOf(started, attempt) : {}),
    ...(state === 'unfinished' && beside.journal?.unrecorded?.runId === run.runId ? { unrecorded: true } : {}),
    ...(state === 'unfinished' && report?.endedEarly !== undefined ? { endedEarly: report.endedEarly.why } : {}),
    ...(state === 'unfinished' && !isOnRecord && wroteNothing(run) ? { nothingWritten: true } : {}),
    ...(started === undefined ? {} : { kind: started.kind, startedAt: started.at, command: started.command }),
    ...(started?.cohort === undefined ? {} : { cohort: started.cohort }),
    ...(started === undefined || last === undefined
      ? {}
      : { milliseconds: Math.max(0, (isAtWork ? beside.now : Date.parse(last.at)) - Date.parse(started.at)) }),
    ...(plan === undefined ? {} : aboutPlan(plan, run.report)),
    ...(rollback === undefined ? {} : aboutRollback(rollback)),
    ...(link === undefined ? {} : aboutLink(link)),
    ...(failed === undefined ? {} : { error: { code: failed.code, message: failed.message } }),
    record: isOnRecord ? 'both' : 'folder',
  }
}

const aboutPlan = ({ serverName, target, relations }: PlanDocument, report: RunDocument | undefined) => {
  const accounts = (report?.relations ?? relations).find(({ relation }) => relation === 'account')?.carried
  return {
    serverName,
    target: `${target.product} at ${target.location}`,
    ...(accounts === undefined ? {} : { accounts }),
  }
}

/** The same command does what a rollback has left. */
const doesTheRest = ({ rollback }: StoredRun, left: StoredRun): boolean =>
  rollback?.runId !== undefined && rollback.of.name === left.rollback?.of.name

/** Whoever has looked at all its accounts since has migrated them again: nobody wants the rest of it any more. */
const undoes = (run: StoredRun, { rollback }: StoredRun): boolean => {
  const started = startOf(run)
  const ended = lastAttempt(run).find((event) => event.event === 'finished')
  if (started === undefined || started.kind === 'rollback' || started.kind === 'link' || started.limit !== undefined)
    return false
  if (ended === undefined || ended.endedEarly !== undefined || run.report?.refused !== undefined) return false
  return started.cohort === undefined || (rollback?.of.kind === 'cohort' && started.cohort === rollback.of.name)
}

/** A rollback may die between its last act at the target and its report. */
const isAllTakenBack = ({ rollback }: StoredRun, journal: JournalRuns | undefined): boolean => {
  const { runs = [] } = rollback ?? {}
  return runs.length > 0 && runs.every((runId) => journal?.takenBack?.includes(runId) === true)
}

/** A target that keeps no journal knows this by the rollbacks alone. */
const runsTakenBack = (rollback: RollbackDocument | undefined): readonly string[] => {
  if (rollback?.runId === undefined) return []
  const { used, usedAccounts, outcomes = [], runs } = rollback
  const isWhole = (used === 0 || usedAccounts === 'remove') && outcomes.every(({ outcome }) => outcome === 'removed')
  return isWhole ? runs : []
}

const aboutRollback = ({ serverName, target, accounts, of }: RollbackDocument) => ({
  takesBack: of.name,
  serverName,
  target: `${target.product} at ${target.location}`,
  accounts,
})

const aboutLink = ({ serverName, to, accounts, takesBack }: LinkDocument) => ({
  serverName,
  target: `${to.product} at ${to.location}`,
  accounts,
  ...(takesBack === undefined ? {} : { takesBack }),
})

/** Of links that stay since they were used or changed, the run stands. */
const linksTakenBack = (link: LinkDocument | undefined): readonly string[] => {
  if (link?.runId === undefined || link.takesBack === undefined) return []
  const { used = 0, changed = 0 } = link.links ?? {}
  return used + changed === 0 ? [link.takesBack] : []
}

const stateOf = (run: StoredRun, { stored, journal, takenBack, isAlive }: Beside): RunState => {
  const attempt = lastAttempt(run)
  const started = startOf(run)
  const ended = attempt.find((event) => event.event === 'finished' || event.event === 'failed')
  if (ended === undefined && started !== undefined && isAlive(started, run)) return 'running'
  const journalled = journalStates(journal).get(run.runId)
  if (journalled !== undefined) return journalled
  if (takenBack.has(run.runId)) return 'taken back'
  // A final run that refuses to end reports why, and is gone on with; so is one that ended early.
  if (ended?.event === 'finished' && run.report?.refused === undefined && ended.endedEarly === undefined) return 'done'
  const later = stored.filter((other) => other.runId > run.runId && haveSameEnds(other, run))
  // Links are written in one transaction: all of them or none.
  if (started?.kind === 'link') {
    if (ended !== undefined) return 'failed'
    return stored.some((other) => other.runId > run.runId && startOf(other)?.kind === 'link') ? 'resumed' : 'unfinished'
  }
  if (started?.kind === 'rollback') {
    if (later.some((other) => doesTheRest(other, run) || undoes(other, run))) return 'resumed'
    return isAllTakenBack(run, journal) ? 'done' : 'unfinished'
  }
  // What a run committed stands, and whichever goes on from what is there goes on with it.
  if (later.some((other) => startOf(other)?.resumes === run.runId || goesOn(other))) return 'resumed'
  if (ended?.event === 'failed' && ended.code !== 'run.interrupted') return hasWritten(run) ? 'unfinished' : 'failed'
  // A load is all or nothing: one that was stopped takes itself back, and one that died is taken back by the next run.
  const isLoad = started?.kind === 'load'
  return isLoad && (ended !== undefined || later.length > 0) ? 'taken back' : 'unfinished'
}

const goesOn = (run: StoredRun): boolean =>
  !['load', 'rollback', 'link'].includes(startOf(run)?.kind ?? '') &&
  (hasWritten(run) || run.events.some(({ event }) => event === 'finished'))

const hasWritten = ({ events }: StoredRun): boolean => events.some(({ event }) => event === 'batch')
