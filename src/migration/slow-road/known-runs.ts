import type { FrozenCohorts } from '../../accounts/decisions/frozen-cohorts.ts'
import type { Prepared } from '../prepare.ts'
import type { MigrationRequest } from '../request.ts'
import { readFrozen } from './journal-members.ts'
import { leftAtTarget } from './left-at-target.ts'
import { type SlowRun, slowRuns } from './runs.ts'

/** What the folder of the runs knows of earlier runs into this target. */
export interface KnownRuns {
  readonly runs: readonly SlowRun[]
  /** The newest that has written, where it did not end and was not taken back. */
  readonly unfinished?: SlowRun
  /** The last that ended and stands. */
  readonly lastDone?: SlowRun
  /** Whom they left at the target, as far as they know. */
  readonly left: ReadonlySet<string>
}

/** Of which target and homeserver. */
export interface EndsOfRuns {
  readonly target: Pick<Prepared['target'], 'name'>
  readonly head: { readonly serverName: string; readonly target: { readonly location: string } }
}

export const knownRuns = async (
  { runs: folder }: Pick<MigrationRequest, 'runs'>,
  { target, head }: EndsOfRuns,
): Promise<KnownRuns> => {
  if (folder === undefined) return { runs: [], left: new Set() }
  const runs = await slowRuns(folder, {
    target: target.name,
    location: head.target.location,
    serverName: head.serverName,
  })
  // One that died before it had decided sent nothing: it hides no other.
  const last = writingRuns({ runs }).at(-1)
  const lastDone = runs.findLast((one) => one.head.state === 'done')
  return {
    runs,
    ...(last?.head.state === 'open' ? { unfinished: last } : {}),
    ...(lastDone === undefined ? {} : { lastDone }),
    left: leftAtTarget(runs.map(({ file }) => file)),
  }
}

/** The runs that may have written something of people into the target. */
export const writingRuns = ({ runs }: Pick<KnownRuns, 'runs'>): readonly SlowRun[] =>
  runs.filter(({ head: { state } }) => state !== 'deciding' && state !== 'rollback')

/** Those of them that no rollback took back. */
export const standingRuns = (known: Pick<KnownRuns, 'runs'>): readonly SlowRun[] =>
  writingRuns(known).filter(({ head: { state } }) => state !== 'taking back' && state !== 'taken back')

/** Whether a run looks at everybody. */
export const isWhole = ({ head: { cohort, limit } }: SlowRun): boolean => cohort === undefined && limit === undefined

/** The files of the rollbacks that came after a run. */
export const rollbacksAfter = ({ runs }: Pick<KnownRuns, 'runs'>, run: SlowRun): readonly string[] =>
  runs.slice(runs.indexOf(run) + 1).flatMap(({ file, head }) => (head.state === 'rollback' ? [file] : []))

/** The runs whose cohorts hold: once the last of them is taken back, the next run settles anew who is in which. */
export const freezingRuns = (known: Pick<KnownRuns, 'runs'>): readonly SlowRun[] =>
  writingRuns(known).filter(({ head: { state } }) => state !== 'taken back')

/** Who is in which cohort, as the newest of them says it; each run takes that over from the one before. */
export const frozenByRuns = (known: Pick<KnownRuns, 'runs'>): FrozenCohorts | undefined => {
  for (const { file } of freezingRuns(known).toReversed()) {
    const frozen = readFrozen(file)
    if (frozen !== undefined) return frozen
  }
  return undefined
}
