import { EXIT } from '../../../errors/exit-codes.ts'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { Clock } from '../../http/clock.ts'
import type { Job } from '../api/jobs-api.ts'

/** How a job ended. `lost`: it is gone, or has taken longer than any job may. */
export type JobEnd = { readonly looks: number } & (
  | { readonly kind: 'completed'; readonly job: Job }
  | { readonly kind: 'failed' | 'lost'; readonly words: string }
)

export interface Following {
  /** Asks for the job; undefined: there is none. */
  readonly look: (signal: AbortSignal) => Promise<Job | undefined>
  /** When it was sent, by the clock; absent: now. */
  readonly begun?: number
  /** Milliseconds that it is expected to take. */
  readonly expected: number
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** In milliseconds: Auth0 ends jobs after two hours. */
export const LONGEST_JOB_MS = 130 * 60_000

const LEAST_PAUSE_MS = 2000
const LONGEST_PAUSE_MS = 60_000

/** When it is first looked at, and after which parts of the time so far from then on: seldom before it is expected to end. */
const FIRST = 0.25
const GROWTH_BEFORE = 0.5
const GROWTH_THEN = 0.1

/** From this part of the expected time on its end is expected. */
const SOON = 0.8

/** A job goes on while Auth0 does not answer: so long that is waited for, as the core waits for any server. */
const PATIENCE_MS = 120_000

/**
 * Looks at a job until it has ended: seldom at first, and so often when it is expected to end that little time is lost over it.
 * @throws Syn2opError server.unreachable where Auth0 does not answer for two minutes: the job may go on
 */
export const followJob = async ({ look, expected, clock, signal, begun = clock.now() }: Following): Promise<JobEnd> => {
  let silentSince: number | undefined
  let pause = within(expected * FIRST)
  for (let looks = 1; ; looks++) {
    await clock.sleep(pause, signal)
    const elapsed = clock.now() - begun
    pause = within(elapsed * (elapsed < expected * SOON ? GROWTH_BEFORE : GROWTH_THEN))
    try {
      const job = await look(signal)
      silentSince = undefined
      if (job === undefined) return { kind: 'lost', words: 'Auth0 no longer knows the job', looks }
      if (job.status === 'completed') return { kind: 'completed', job, looks }
      if (job.status === 'failed') return { kind: 'failed', words: job.statusDetails ?? NO_DETAILS, looks }
      if (job.timeLeft !== undefined) pause = within(job.timeLeft)
    } catch (error) {
      if (!isSilence(error)) throw error
      silentSince ??= clock.now()
      if (clock.now() - silentSince >= PATIENCE_MS) throw error
    }
    if (elapsed > LONGEST_JOB_MS) {
      return { kind: 'lost', words: `The job had not ended after ${Math.round(elapsed / 60_000)} minutes`, looks }
    }
  }
}

const NO_DETAILS = 'The job failed, and Auth0 does not say why'

const isSilence = (error: unknown): boolean => error instanceof Syn2opError && error.exitCode === EXIT.unavailable

const within = (ms: number): number => Math.min(LONGEST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, ms))
