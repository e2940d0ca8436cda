import pLimit from 'p-limit'
import type { BatchSoFar, Patience, Stoppable } from '../target.ts'

/** Pieces of work that are under way at a time; how many requests they send at once, their own limits say. */
const AT_ONCE = 6

/** After a stop what is on its way may come to its end for so long: else nobody would know whether it was done. */
const FINISHING_MS = 3000

/** The pieces of work of one batch: begun in turn until a stop, a failure, or until it is enough. */
export interface Turns {
  /** Ends some time after the stop. For requests that write. */
  readonly finishing: AbortSignal
  mayBegin(): boolean
  /** Begins all of them that still may begin, and waits for those. What is not begun is left out. */
  each<Piece>(pieces: readonly Piece[], work: (piece: Piece) => Promise<void>): Promise<void>
  /** @throws the first error of a piece, unless it is that of a stop */
  end(): void
}

export const takeTurns = (
  { signal, enough = () => false }: Stoppable & Patience,
  soFar: () => BatchSoFar,
): Turns & { release(): void } => {
  const finishing = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const stop = (): void => {
    timer = setTimeout(() => finishing.abort(signal.reason), FINISHING_MS)
  }
  signal.addEventListener('abort', stop, { once: true })
  const limit = pLimit(AT_ONCE)
  const failures: unknown[] = []
  const mayBegin = (): boolean => !signal.aborted && failures.length === 0 && !enough(soFar())
  return {
    finishing: finishing.signal,
    mayBegin,
    async each(pieces, work) {
      await Promise.all(
        pieces.map((piece) =>
          limit(async () => {
            if (!mayBegin()) return
            try {
              await work(piece)
            } catch (error) {
              if (!signal.aborted) failures.push(error)
            }
          }),
        ),
      )
    },
    end() {
      if (failures.length > 0) throw failures[0]
    },
    release() {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    },
  }
}
