import { Syn2opError } from '../errors/syn2op-error.ts'
import { counted } from '../report/counted.ts'
import type { CohortState, PastRun, RoadHistory, RoadRunKind, RunPart, UnfinishedRun } from '../targets/road-history.ts'

/** What is asked: everything at once, a copy while Synapse runs, or the end of such copies. */
export type MigrateMode = 'migrate' | 'online' | 'final'

export interface ChosenRoad {
  readonly kind: RoadRunKind
  /** Fill an empty target, bring an unfinished copy up to date, or work beside the people that the target has. */
  readonly road: 'load' | 'copy' | 'merge'
  /** Not all accounts, but those of a cohort, or the first so many. Into an empty target it begins an empty copy. */
  readonly part?: RunPart
  /** The run that did not end and is gone on with. */
  readonly resumes?: UnfinishedRun
  /** The load that ended before its rows were on record, and whose as-of time is kept. */
  readonly completes?: PastRun
}

export interface Asked {
  readonly mode: MigrateMode
  /** Go on with the run that did not end, under its name and by its as-of time. */
  readonly resume: boolean
  /** Only the accounts of this cohort. */
  readonly cohort?: string
  /** At most so many accounts. */
  readonly limit?: number
}

const MODE_OF: Readonly<Record<RoadRunKind, MigrateMode>> = {
  load: 'migrate',
  merge: 'migrate',
  online: 'online',
  final: 'final',
}

/** For a look, which nothing is asked of. */
export const roadSeen = ({ state, final }: RoadHistory): ChosenRoad => {
  if (state === 'empty') return { kind: 'load', road: 'load' }
  if (state === 'online' && !final) return { kind: 'online', road: 'copy' }
  return { kind: 'merge', road: 'merge' }
}

/**
 * Which road a migration takes, by what is asked and by how far the target has come.
 * @throws Syn2opError run.not-possible where the target is in no state for it; run.cohorts-missing; run.missing, usage for
 * `--resume`.
 */
export const chooseRoad = (history: RoadHistory, asked: Asked): ChosenRoad => {
  const { unfinished, unrecorded } = history
  // Its rows are in their place: the run that goes on with it is another one. By a later as-of time, accounts of which
  // something expired in between would pass for changed, and be lost to the record.
  const completes = unrecorded === undefined ? {} : { completes: unrecorded }
  if (!asked.resume) return { ...roadFor(history, asked.mode, partOf(asked)), ...completes }
  if (unfinished === undefined && unrecorded !== undefined)
    return { ...roadFor(history, asked.mode, partOf(asked)), ...completes }
  if (unfinished === undefined) {
    throw new Syn2opError('run.missing', 'There is no unfinished run at this target to resume', {
      next: ['Run the command without --resume.'],
    })
  }
  const mode = MODE_OF[unfinished.kind]
  if (asked.mode !== 'migrate' && asked.mode !== mode) {
    const flag = mode === 'migrate' ? 'plain' : `--${mode}`
    throw new Syn2opError('usage', `The unfinished run ${unfinished.runId} was ${flag}, not --${asked.mode}`, {
      next: ['Go on with it: syn2op migrate --resume', `Or begin another: syn2op migrate --${asked.mode}`],
    })
  }
  if (asked.cohort !== undefined && asked.cohort !== unfinished.cohort) throw ofOtherCohort(unfinished, asked.cohort)
  const part = partOf({ ...asked, ...(unfinished.cohort === undefined ? {} : { cohort: unfinished.cohort }) })
  return { ...roadFor(history, mode, part), resumes: unfinished }
}

const partOf = ({ cohort, limit }: Pick<Asked, 'cohort' | 'limit'>): RunPart | undefined => {
  if (cohort !== undefined) return { cohort }
  return limit === undefined ? undefined : {}
}

const ofOtherCohort = ({ runId, cohort }: UnfinishedRun, asked: string): Syn2opError =>
  new Syn2opError(
    'usage',
    `The unfinished run ${runId} was of ${cohort === undefined ? 'all accounts' : `the cohort ${cohort}`}, not of the cohort ${asked}`,
    { next: ['Go on with it: syn2op migrate --resume', `Or begin another: syn2op migrate --cohort ${asked}`] },
  )

const roadFor = (history: RoadHistory, mode: MigrateMode, part: RunPart | undefined): ChosenRoad => {
  const looksAt = part === undefined ? {} : { part }
  switch (mode) {
    case 'migrate':
      return { ...plainRoad(history, part), ...looksAt }
    case 'online':
      return { ...onlineRoad(history), ...looksAt }
    case 'final':
      if (part !== undefined) throw finalIsForAll()
      return finalRoad(history)
  }
}

/** A part of the accounts is not put into an empty target for people to use, but aside, until everybody is there. */
const plainRoad = (history: RoadHistory, part: RunPart | undefined): ChosenRoad => {
  const { state } = history
  if (part !== undefined && (state === 'empty' || state === 'online')) return onlineRoad(history)
  if (state !== 'online') return state === 'empty' ? { kind: 'load', road: 'load' } : { kind: 'merge', road: 'merge' }
  throw new Syn2opError('run.not-possible', 'An online copy stands aside at this target', {
    next: [
      'Bring it up to date while Synapse runs: syn2op migrate --online',
      'Or stop Synapse and finish: syn2op migrate --final',
    ],
  })
}

const finalIsForAll = (): Syn2opError =>
  new Syn2opError('usage', '`--final` ends the migration of everybody: it takes no --cohort and no --limit', {
    next: ['Copy a part: syn2op migrate --cohort NAME', 'Or finish: syn2op migrate --final'],
  })

const onlineRoad = ({ state, final }: RoadHistory): ChosenRoad => {
  if (state === 'empty') return { kind: 'online', road: 'load' }
  if (state === 'online') return { kind: 'online', road: 'copy' }
  if (final) throw isFinal()
  throw new Syn2opError(
    'run.not-possible',
    '`--online` needs a target without rows of its own, and this one has people',
    {
      next: [
        'To add to the people it has: syn2op migrate',
        'To begin anew: give the target an empty database, then run this command again.',
      ],
    },
  )
}

const finalRoad = ({ state, final, cohorts = [], unfinished }: RoadHistory): ChosenRoad => {
  if (state === 'online') {
    requireAllBegun(cohorts)
    // It ended before it could put on record who is in which cohort.
    if (unfinished?.cohort !== undefined && cohorts.length === 0) throw firstStageUnfinished(unfinished)
    return { kind: 'final', road: 'copy' }
  }
  if (final) throw isFinal()
  throw new Syn2opError('run.not-possible', '`--final` ends online copies, and there is none at this target', {
    next: [
      'Copy while Synapse runs: syn2op migrate --online',
      'Or stop Synapse and move everything at once: syn2op migrate',
    ],
  })
}

/** The accounts of a cohort that no run has begun would all be copied while Synapse stands still. */
const requireAllBegun = (cohorts: readonly CohortState[]): void => {
  const left = cohorts.filter(({ begun, members }) => !begun && members > 0)
  if (left.length === 0) return
  throw new Syn2opError(
    'run.cohorts-missing',
    `Nothing was written: ${counted(left.length, 'cohort is', 'cohorts are')} left that no run has begun`,
    {
      problems: left.map(({ name, members }) => ({
        message: `${name}: ${counted(members, 'account', 'accounts')}`,
        remedy: `syn2op migrate --cohort ${name}`,
      })),
      next: ['Copy them one by one, as said above.', 'Or everybody who is left at once: syn2op migrate --online'],
    },
  )
}

const firstStageUnfinished = ({ runId, cohort }: UnfinishedRun): Syn2opError =>
  new Syn2opError(
    'run.cohorts-missing',
    `Nothing was written: run ${runId} of the cohort ${cohort} ended before it had copied anybody`,
    {
      next: [
        'Go on with it, then with the other cohorts: syn2op migrate --resume',
        'Or copy everybody at once: syn2op migrate --online',
      ],
    },
  )

const isFinal = (): Syn2opError =>
  new Syn2opError('run.final', 'The migration is final: what was copied is in its place and in use', {
    next: ['To add late users: syn2op migrate'],
  })
