import { setTimeout as sleep } from 'node:timers/promises'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { Inspected } from '../readiness/inspect.ts'
import { openFailures } from '../readiness/words/exit.ts'
import { openLine, shutKinds, watchLine } from '../readiness/words/watch-line.ts'
import type { ReadinessDocument } from '../report/readiness-document.ts'

export interface WatchOptions {
  readonly round: () => Promise<Inspected>
  /** Milliseconds from the end of a round to the next. */
  readonly every: number
  /** Milliseconds after which no other round begins; absent: until it is ready. */
  readonly atMost?: number
  /** A line that somebody who watches reads. */
  readonly told: (line: string) => void
  /** Characters of such a line. */
  readonly width: number
  readonly signal: AbortSignal
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

/**
 * Asks in rounds, one after the other, until nothing of the level error fails and no kind of client is left out, or the time is
 * over; then says what is open.
 * @returns the last round.
 * @throws the signal's reason, after it was told how things stood.
 */
export const watch = async (options: WatchOptions): Promise<Inspected> => {
  const {
    round,
    every,
    atMost = Number.POSITIVE_INFINITY,
    told,
    width,
    signal,
    now = () => performance.now(),
  } = options
  const started = now()
  let before: ReadinessDocument | undefined
  try {
    for (;;) {
      const inspected = await round()
      for (const line of watchLine(before, inspected.document, { width })) told(line)
      before = inspected.document
      if (isReady(inspected) || now() - started + every > atMost) {
        for (const line of openLine(before, { width })) told(line)
        return inspected
      }
      await sleep(every, undefined, { signal })
    }
  } catch (error) {
    if (!signal.aborted) throw error
    if (before !== undefined) for (const line of openLine(before, { width })) told(line)
    throw signal.reason
  }
}

/**
 * Reads again what a round begins with; while a file is half saved, what it was stands.
 * @returns what to call before each round. It throws what is none of our own errors.
 */
export const readAgain = <Read>(
  read: () => Promise<Read>,
  first: Read,
  told: (line: string) => void,
): (() => Promise<Read>) => {
  let last = first
  return async () => {
    try {
      last = await read()
    } catch (error) {
      if (!(error instanceof Syn2opError)) throw error
      told(`${error.message}; it is taken as it was before`)
    }
    return last
  }
}

const isReady = ({ document, silence }: Inspected): boolean =>
  silence === undefined && openFailures(document.probes, 'error').length === 0 && shutKinds(document).length === 0
