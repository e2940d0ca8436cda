import type { Bound } from '../targets/progress.ts'

/** One named piece of work, such as a table. */
interface Work {
  readonly done: number
  /** An estimate; 0 when unknown. */
  readonly total: number
}

interface Sample {
  readonly at: number
  readonly done: number
}

/** What is known of the phase that runs. Times are milliseconds of a monotonic clock. */
export interface ProgressState {
  readonly phase: string
  readonly startedAt: number
  readonly works: ReadonlyMap<string, Work>
  /** Sums over the works in the last seconds, oldest first; the rate is read from them. */
  readonly samples: readonly Sample[]
  /** What the work waits for most; absent: not known. */
  readonly bound?: Bound
  /** What the target does by itself, and since when. */
  readonly atWork?: { readonly words: string; readonly since: number }
}

/** What a person wants to know of a running phase. */
export interface ProgressFigures {
  readonly phase: string
  readonly elapsed: number
  readonly done: number
  /** 0 when any work's total is unknown. */
  readonly total: number
  /** Rows per second over the last seconds; absent until two moments are known. */
  readonly rate?: number
  /** Milliseconds left; absent before 1 % is done and when no total is known. */
  readonly left?: number
  readonly bound?: Bound
  /** What the target does by itself, in words, and for how many milliseconds. */
  readonly atWork?: { readonly words: string; readonly elapsed: number }
  /** What is counted. */
  readonly unit: 'rows' | 'accounts'
  /** Works begun and not finished, in the order they began. */
  readonly running: readonly { readonly name: string; readonly done: number; readonly total: number }[]
}

/** The rate forgets what is older, so that it follows a server that slows down. */
const RATE_WINDOW = 15_000
/** Samples closer together than this are merged, so that memory does not grow with the speed of the work. */
const SAMPLE_GAP = 250
const LEAST_SHARE_FOR_ETA = 0.01

export const startPhase = (phase: string, now: number): ProgressState => ({
  phase,
  startedAt: now,
  works: new Map(),
  samples: [{ at: now, done: 0 }],
})

export const boundBy = (state: ProgressState, bound: Bound | undefined): ProgressState => {
  const { bound: _, ...unbound } = state
  return bound === undefined ? unbound : { ...unbound, bound }
}

export const workingOn = (state: ProgressState, words: string | undefined, now: number): ProgressState => {
  const { atWork: _, ...idle } = state
  return words === undefined ? idle : { ...idle, atWork: { words, since: now } }
}

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0)

export const advanceWork = (
  state: ProgressState,
  step: { readonly work: string; readonly done: number; readonly total: number },
  now: number,
): ProgressState => {
  const works = new Map(state.works).set(step.work, { done: step.done, total: step.total })
  const done = sum([...works.values()].map((work) => work.done))
  const last = state.samples.at(-1)
  const kept = last !== undefined && state.samples.length > 1 && now - last.at < SAMPLE_GAP
  const before = kept ? state.samples.slice(0, -1) : state.samples
  // One sample older than the window stays, so that the window is always covered.
  const firstInside = before.findIndex((sample) => sample.at >= now - RATE_WINDOW)
  const covered = firstInside > 1 ? before.slice(firstInside - 1) : before
  const at = kept && last !== undefined ? last.at : now
  return { ...state, works, samples: [...covered, { at, done }] }
}

const rateLately = ({ samples: [oldest] }: ProgressState, done: number, now: number): number | undefined => {
  const span = oldest === undefined ? 0 : now - oldest.at
  return oldest !== undefined && span > 0 && done > 0 ? ((done - oldest.done) * 1000) / span : undefined
}

/** A target that works by itself ends many at once: until it has ended some, and between two times, time says nothing. */
const rateUntilNow = (
  { samples, startedAt }: ProgressState,
  { done, total }: { readonly done: number; readonly total: number },
): number | undefined => {
  const span = (samples.at(-1)?.at ?? startedAt) - startedAt
  return span > 0 && total > 0 && done / total >= LEAST_SHARE_FOR_ETA ? (done * 1000) / span : undefined
}

export const figures = (state: ProgressState, now: number): ProgressFigures => {
  const works = [...state.works].map(([name, work]) => ({ name, ...work }))
  const elapsed = now - state.startedAt
  const done = sum(works.map((work) => work.done))
  const total = works.some((work) => work.total <= 0) ? 0 : sum(works.map((work) => Math.max(work.total, work.done)))
  const running = works.filter((work) => work.total <= 0 || work.done < work.total)
  const rate = state.atWork === undefined ? rateLately(state, done, now) : rateUntilNow(state, { done, total })
  const left =
    rate !== undefined && rate > 0 && total > 0 && done < total && done / total >= LEAST_SHARE_FOR_ETA
      ? ((total - done) * 1000) / rate
      : undefined
  return {
    phase: state.phase,
    elapsed,
    done,
    total,
    // While nothing happens, neither says anything.
    ...(rate === undefined || state.bound === 'paused' ? {} : { rate }),
    ...(left === undefined || state.bound === 'paused' ? {} : { left }),
    ...(state.bound === undefined ? {} : { bound: state.bound }),
    ...(state.atWork === undefined ? {} : { atWork: { words: state.atWork.words, elapsed: now - state.atWork.since } }),
    unit: works.length > 0 && works.every(({ name }) => name === 'accounts') ? 'accounts' : 'rows',
    running,
  }
}
