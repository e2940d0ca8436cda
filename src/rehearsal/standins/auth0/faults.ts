/**
 * What can go wrong with a request, of which no rule speaks.
 *
 * - `answer lost`: the work is done, the connection breaks before the answer.
 * - `reset before`: the connection breaks, nothing is done.
 * - `error before`, `error after`: 503 before any work, 500 after all of it.
 * - `too many requests`: 429 though there is room.
 * - `slow answer`: half a minute on the tenant's clock, then the answer.
 * - `twice`: something between delivers the request twice; the answer is that of the second.
 * - `token expires`: the token is good no more, from this request on.
 * - `job fails`: half of the rows, then failed without summary, details and errors.
 * - `job sticks`: pending until the two hours are over.
 * - `no summary`: a job that completes without its counts.
 * - `echo without secrets`: a job's errors repeat the rows without what is secret in them, and that in words.
 * - `export lags`: an export that takes ten minutes longer.
 */
export type FaultKind =
  | 'answer lost'
  | 'reset before'
  | 'error before'
  | 'error after'
  | 'too many requests'
  | 'slow answer'
  | 'twice'
  | 'token expires'
  | ImportFault
  | 'export lags'

/** What can go wrong with the job of an import. */
export type ImportFault = (typeof OF_IMPORTS)[number]

const OF_IMPORTS = ['job fails', 'job sticks', 'no summary', 'echo without secrets'] as const

export const isOfImports = (kind: FaultKind): kind is ImportFault => OF_IMPORTS.some((one) => one === kind)

export interface Fault {
  readonly kind: FaultKind
  /** Which requests it may strike, by method and path from the root; all unless it is said. */
  on?(method: string, path: string): boolean
  /** Only the first so many of these requests. */
  readonly times?: number
  /** Only every so-manieth of them. */
  readonly every?: number
  /** Only with this probability, by the seed. */
  readonly chance?: number
}

export interface Faults {
  /** What strikes this request; asked once for each. */
  strike(method: string, path: string): FaultKind | undefined
}

const mayStrike = ({ kind, on }: Fault, method: string, path: string): boolean => {
  if (isOfImports(kind) && !(method === 'POST' && path === '/api/v2/jobs/users-imports')) return false
  if (kind === 'export lags' && !(method === 'POST' && path === '/api/v2/jobs/users-exports')) return false
  return on?.(method, path) ?? true
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
const drawing = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The faults of one stand-in, each with its own count; the first in the list that is due strikes. */
export const openFaults = (faults: readonly Fault[], seed: number): Faults => {
  const draw = drawing(seed)
  const counts = new Map<Fault, number>()
  const due = (fault: Fault): boolean => {
    const count = (counts.get(fault) ?? 0) + 1
    counts.set(fault, count)
    if (fault.times !== undefined && count > fault.times) return false
    if (fault.every !== undefined && count % fault.every !== 0) return false
    return fault.chance === undefined || draw() < fault.chance
  }
  return {
    strike: (method, path) => {
      const struck = faults.filter((fault) => mayStrike(fault, method, path)).filter(due)
      return struck[0]?.kind
    },
  }
}
