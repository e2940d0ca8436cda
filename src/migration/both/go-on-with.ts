import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { MigrateMode } from '../choose-road.ts'

export interface ModeAsked {
  readonly mode: MigrateMode
  readonly resume: boolean
}

/** What is asked of both. */
export interface AskedOfBoth extends ModeAsked {
  /** Only the accounts of this cohort. */
  readonly cohort?: string
}

/** A run into one of them. */
export interface RunBegun {
  readonly runId: string
  readonly into: string
  readonly cohort?: string
}

/** The runs into both, as far as they are known. */
export interface RunsBegun {
  /** The last one into the target of the logins, and how it was asked for. */
  readonly last?: RunBegun & { readonly ended: boolean; readonly mode: MigrateMode }
  /** The one into the target of the accounts that did not end. */
  readonly second?: RunBegun
}

/**
 * What `--resume` goes on with. One of the two may have no run that did not end: its own has ended, or was not begun. What was
 * begun at the other one, or last, says then how, and which accounts the whole is about.
 * @throws Syn2opError usage where runs of different accounts did not end, or `--final` would go on with one of a cohort.
 */
export const goOnWith = ({ mode, resume }: ModeAsked, { last, second }: RunsBegun): AskedOfBoth => {
  const first = last?.ended === false ? last : undefined
  if (first !== undefined && second !== undefined && first.cohort !== second.cohort)
    throw ofDifferentAccounts([first, second])
  const unfinished = second ?? first
  if (mode === 'final') {
    if (unfinished?.cohort !== undefined) throw finalIsForAll(unfinished)
    return { mode, resume }
  }
  const isAsLast = mode === 'migrate' || mode === last?.mode
  const { cohort } = unfinished ?? (isAsLast ? last : undefined) ?? {}
  return {
    // A run into the target of the accounts knows its own.
    mode: mode === 'migrate' && second === undefined ? (last?.mode ?? mode) : mode,
    resume,
    ...(cohort === undefined ? {} : { cohort }),
  }
}

const whose = ({ cohort }: RunBegun): string => (cohort === undefined ? 'everybody' : `the cohort ${cohort}`)

const ofDifferentAccounts = (runs: readonly RunBegun[]): Syn2opError =>
  new Syn2opError('usage', 'Two runs did not end, and they are not of the same accounts', {
    problems: runs.map((run) => ({ message: `${run.runId} into ${run.into}: ${whose(run)}` })),
    next: [
      'Begin another, which finds what is there; name the cohort that is meant: syn2op migrate --cohort NAME',
      'Or bring everybody who is left: leave out --resume.',
    ],
  })

const finalIsForAll = (run: RunBegun): Syn2opError =>
  new Syn2opError(
    'usage',
    `The unfinished run ${run.runId} into ${run.into} was of ${whose(run)}, and --final is for everybody`,
    {
      next: [
        'Go on with it: syn2op migrate --resume',
        'Or finish with everybody, without --resume: syn2op migrate --final',
      ],
    },
  )
