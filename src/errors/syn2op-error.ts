import { ERRORS, type ErrorCode } from './catalogue.ts'
import type { ExitCode } from './exit-codes.ts'

/** One thing that is wrong in what the administrator gave us. */
export interface Problem {
  /** What is wrong, with the value at fault when it is no secret. */
  readonly message: string
  /** Where: a file with line and column (both from 1), when known. */
  readonly at?: { readonly file: string; readonly line?: number; readonly column?: number }
  /** What to do about it; one or several lines. */
  readonly remedy?: string
}

export interface Syn2opErrorOptions {
  /** Further lines of detail: every problem found, not only the first. */
  readonly problems?: readonly Problem[]
  /** What to do next, one step a line, ready to be typed where possible. */
  readonly next?: readonly string[]
  readonly cause?: unknown
  /** Milliseconds for which the server asked to be left alone. */
  readonly retryAfter?: number
}

/**
 * An error that a person can act on: what happened, to what, and what to do next.
 * Messages never hold a secret; a driver's own error goes to `cause`, which is never printed.
 */
export class Syn2opError extends Error {
  readonly code: ErrorCode
  readonly problems: readonly Problem[]
  readonly next: readonly string[]
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, message: string, options: Syn2opErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Syn2opError'
    this.code = code
    this.problems = options.problems ?? []
    this.next = options.next ?? []
    this.retryAfter = options.retryAfter
  }

  get exitCode(): ExitCode {
    return ERRORS[this.code].exit
  }
}
