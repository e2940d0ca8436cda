import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { isUnrecorded, type RunRecord } from '../load/journal.ts'

/**
 * The runs that are taken back with the one named, the newest first. A final run, the first run of a copy that stands aside
 * and the one that filled MAS are taken back with all runs of the copy: these only brought it up to date, or added to it. Any
 * other run is taken back alone.
 * @param runs the newest first.
 * @throws Syn2opError run.missing where no run of this name is on record; run.not-possible where it has been taken back, is
 * not on record row by row, or cannot be told from a final run.
 */
export const runsCovered = (runId: string, runs: readonly RunRecord[]): readonly RunRecord[] => {
  const found = runs.find((one) => one.runId === runId)
  if (found === undefined) throw noSuchRun(runId, runs)
  if (found.state === 'undone') throw takenBack(found)
  if (isUnrecorded(found)) throw notOnRecord(found)
  requireRecord(runs)
  const standing = runs.filter(({ state }) => state !== 'undone')
  const copy = standing.filter(({ kind }) => kind !== 'merge')
  if (found.kind === 'final') return copy
  const finals = copy.filter(({ kind }) => kind === 'final')
  const ended = finals.find(({ state }) => state === 'done')
  if (ended !== undefined && found.kind === 'online') throw inItsPlace(found, ended)
  if (found === standing.at(-1) && found.kind !== 'merge') return copy
  const begun = finals.find(({ runNumber }) => runNumber > found.runNumber)
  if (begun !== undefined && found.kind === 'online') throw finalBegun(found, begun, runs)
  return [found]
}

/**
 * What is on record says nothing as long as the last load is not: which of the rows at MAS are ours cannot be told.
 * @throws Syn2opError run.not-possible
 */
export const requireRecord = (runs: readonly RunRecord[]): void => {
  const load = runs.find(({ kind, state }) => kind === 'load' && state === 'done')
  if (load !== undefined && isUnrecorded(load)) throw notOnRecord(load)
}

/** Runs by their names, for people. */
export const namesOf = (runs: readonly RunRecord[]): string =>
  runs.map(({ runId, kind }) => `${runId} (${kind})`).join(', ')

const noSuchRun = (runId: string, runs: readonly RunRecord[]): Syn2opError =>
  new Syn2opError('run.missing', `No run ${runId} is on record at this MAS`, {
    next: [
      runs.length === 0 ? 'There is nothing to take back.' : `These are: ${namesOf(runs)}.`,
      'Or look whether this is the right target.',
    ],
  })

const takenBack = ({ runId }: RunRecord): Syn2opError =>
  new Syn2opError('run.not-possible', `Run ${runId} has been taken back already`, {
    next: ['There is nothing left to do.'],
  })

const inItsPlace = ({ runId }: RunRecord, final: RunRecord): Syn2opError =>
  new Syn2opError(
    'run.not-possible',
    `The copy that run ${runId} wrote or brought up to date is in its place since run ${final.runId}`,
    {
      next: [`Take back the whole copy: syn2op rollback ${final.runId}`, 'Or only a cohort, by its name.'],
    },
  )

/** A final run keeps nothing of what the rows were that it changed. */
const finalBegun = ({ runId }: RunRecord, final: RunRecord, [newest]: readonly RunRecord[]): Syn2opError =>
  new Syn2opError(
    'run.not-possible',
    `What run ${runId} did cannot be told apart: the final run ${final.runId}, which has not ended, went on from there`,
    {
      next: [
        `Go on with the final run: syn2op migrate ${final === newest ? '--resume' : '--final'}`,
        `Or take back the whole copy, with all its runs and stages: syn2op rollback ${final.runId}`,
        'Or only a cohort, by its name.',
      ],
    },
  )

const notOnRecord = ({ runId }: RunRecord): Syn2opError =>
  new Syn2opError(
    'run.not-possible',
    `Which rows run ${runId} wrote is not on record: it ended between the load and its record`,
    {
      next: [
        'Have it put on record, then take it back: syn2op migrate --resume',
        'Or give MAS an empty database, as it was before: nothing but this run was in it.',
      ],
    },
  )
