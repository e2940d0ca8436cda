/** Where a program writes. */
export interface Output {
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream
  /** Makes the process end as one that did not do all of its work. */
  readonly fail: () => void
}

/** The reader of a pipe has ended; the terminal is gone, as after a lost ssh. */
const NOBODY_READS: readonly string[] = ['EPIPE', 'EIO']

/**
 * Lets the work outlive its output: a run that is cut where it tells something leaves its work undone at the target,
 * and what it would have told is in its record. A result that cannot be written for want of space is a failure.
 * Replaces who listened to stdout: oclif ends the process there. Never undone: a write can fail after the last of them.
 */
export const outliveOutput = ({ stdout, stderr, fail }: Output): void => {
  stderr.on('error', () => {})
  stdout.removeAllListeners('error')
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    const { code = error.name } = error
    if (NOBODY_READS.includes(code)) return
    fail()
    stderr.write(`The result could not be written to the end: ${code}\n`)
  })
}
