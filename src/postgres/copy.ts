import type pg from 'pg'
import copyStreams from 'pg-copy-streams'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { makeIdle, watchIdle } from './idle.ts'
import { databaseFailure, describeClient } from './server-error.ts'
import type { WaitClock } from './wait-clock.ts'

export interface CopyBetween {
  readonly from: pg.Client
  readonly to: pg.Client
  /** The query whose rows are copied, without parameters. */
  readonly select: string
  /** A complete `COPY … FROM STDIN (FORMAT binary, …)`. */
  readonly into: string
  /** What is copied, for messages; else "the copied rows". */
  readonly what?: string
  /** Told the bytes passed on so far, once a buffer. */
  readonly onProgress?: (bytes: number) => void
  /** Counts which side is waited for: the target while it takes no more, else the source. */
  readonly waits?: WaitClock
  readonly signal?: AbortSignal
}

export interface CopyResult {
  /** Rows that the target counted. */
  readonly rows: number
  readonly bytes: number
}

/** Why the copy ended before its end. */
type Failure =
  | { readonly side: 'source' | 'target'; readonly cause: unknown }
  | { readonly side: 'aborted'; readonly cause: unknown }

const failureError = (failure: Failure, { from, to, what }: CopyBetween): Syn2opError => {
  if (failure.side === 'source') return databaseFailure(`Reading ${what ?? 'the rows to copy'}`, from, failure.cause)
  if (failure.side === 'target') return databaseFailure(`Writing ${what ?? 'the copied rows'}`, to, failure.cause)
  const way = `${describeClient(from)} to ${describeClient(to)}`
  return new Syn2opError('run.interrupted', `The copy from ${way} was interrupted`, { cause: failure.cause })
}

/** Passes the buffers on, at the pace of the slower side. Resolves with the reason when it ends before its end. */
const pump = async (
  source: copyStreams.CopyToStreamQuery,
  target: copyStreams.CopyStreamQuery,
  { signal, onProgress, waits }: CopyBetween,
): Promise<{ readonly bytes: number; readonly failure?: Failure }> => {
  let bytes = 0
  // stream.pipeline would destroy the source's stream, and with it the way to read its session's further messages.
  const failure = await new Promise<Failure | undefined>((resolve) => {
    const forward = (chunk: Buffer): void => {
      bytes += chunk.length
      if (!target.write(chunk)) {
        source.pause()
        waits?.waitFor('target')
      }
      onProgress?.(bytes)
    }
    const stop = (reason: Failure | undefined): void => {
      signal?.removeEventListener('abort', abort)
      source.off('data', forward)
      waits?.waitFor(undefined)
      resolve(reason)
    }
    const abort = (): void => stop({ side: 'aborted', cause: signal?.reason })
    waits?.waitFor('source')
    source.on('data', forward)
    target.on('drain', () => {
      source.resume()
      waits?.waitFor('source')
    })
    source.once('end', () => {
      target.end()
      waits?.waitFor('target')
    })
    target.once('finish', () => stop(undefined))
    // After its error a stream of pg-copy-streams must do no more: it has forgotten its connection.
    source.on('error', (cause) => {
      source.destroy()
      stop({ side: 'source', cause })
    })
    target.on('error', (cause) => {
      target.destroy()
      stop({ side: 'target', cause })
    })
    signal?.addEventListener('abort', abort, { once: true })
  })
  return failure === undefined ? { bytes } : { bytes, failure }
}

/**
 * Copies the rows of a query from one session into a table of another by binary COPY: buffers are passed on, never
 * looked into, so memory stays flat. Both clients must be idle and used by nobody else meanwhile.
 *
 * Whatever ends the copy early (an error of either side, a broken connection, the signal), the target's COPY fails and
 * none of its rows stay. When the promise rejects both sessions are ready for the next statement: a transaction open
 * on either is then a failed one, to be rolled back by its owner. Only a session that does not react to a cancel
 * request within seconds, or whose connection broke, is ended.
 *
 * Raises `database.failed` or `database.not-allowed` with the side at fault, or `run.interrupted`.
 */
export const copyBetween = async (options: CopyBetween): Promise<CopyResult> => {
  const { from, to, select, into, signal } = options
  if (signal?.aborted) throw failureError({ side: 'aborted', cause: signal.reason }, options)
  const watches = [watchIdle(from), watchIdle(to)]
  const target = to.query(copyStreams.from(into))
  const source = from.query(copyStreams.to(`COPY (${select}) TO STDOUT (FORMAT binary)`))
  const { bytes, failure } = await pump(source, target, options)
  if (failure) {
    // CopyFail: without it the target would wait for the rest. Its text goes to the target's log.
    if (!target.destroyed) target.destroy(new Error('syn2op stopped this copy'))
    // What the source still sends must be read, or its session would never become ready.
    source.resume()
    await Promise.all(watches.map(makeIdle))
    throw failureError(failure, options)
  }
  await Promise.all(watches.map((watch) => watch.idle))
  if (source.rowCount !== target.rowCount) {
    const counts = `${source.rowCount} rows were read, ${target.rowCount} were written`
    const which = `${options.what ?? 'the rows'} into ${describeClient(to)}`
    throw new Syn2opError('database.failed', `The copy of ${which} is not complete: ${counts}`, {
      next: ['Look for triggers or rules on the table that drop rows'],
    })
  }
  return { rows: target.rowCount, bytes }
}
