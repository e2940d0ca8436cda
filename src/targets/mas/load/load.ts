import { sql } from 'kysely'
import type { Client } from 'pg'
import type { TableShape } from '../../../difference/table-shape.ts'
import { databaseFailure } from '../../../postgres/server-error.ts'
import { run } from '../../../postgres/statement.ts'
import { waitClock } from '../../../postgres/wait-clock.ts'
import type { TableResult } from '../../../report/documents.ts'
import type { ProgressListener } from '../../progress.ts'
import type { LoadResult } from '../../road-load.ts'
import { type Clients, lendClients } from './clients.ts'
import { type CopyBound, copyBound } from './copy-bound.ts'
import { copyTable } from './copy-table.ts'
import { createDefinition, type Definition } from './definitions.ts'
import { clashOrSelf } from './identifier-clash.ts'
import { type NewRun, setActivity } from './journal.ts'
import { loadStopped, notTakenBack } from './load-errors.ts'
import { loadTasks } from './load-tasks.ts'
import { phaseClock } from './phase-clock.ts'
import { schedule } from './schedule.ts'
import { loadSearchPath, stage, undo, unstage } from './staging.ts'
import { stoppable } from './stoppable.ts'
import { watchCopies } from './watch-copies.ts'
import { WRITER_TUNING } from './writer-tuning.ts'

export interface LoadOptions {
  readonly record: NewRun
  readonly tables: readonly TableShape[]
  /** Readers of one snapshot of the source; as many tables are copied at once. */
  readonly readers: readonly Client[]
  /** Holds the lock; does the bookkeeping. */
  readonly control: Client
  /** Connections to the target for the work itself: copies and builds share them. */
  readonly writers: readonly Client[]
  /** How many rows the plan counted, for the progress. */
  readonly expectedRows: number
  readonly progress: ProgressListener
  readonly signal: AbortSignal
  /** Whether the tables go home at the end or stay aside. */
  readonly ends: 'in place' | 'aside'
  /** Called once the tables are complete, before anybody can use them. */
  readonly beforeEnd: () => Promise<void>
}

/**
 * Fills an empty MAS: all of it, or, after any failure or when it is aborted, nothing: the tables are emptied and
 * their indexes and constraints put back before this returns. If the process dies, `recoverDeadRun` does that later.
 */
export const load = async (options: LoadOptions): Promise<LoadResult> => {
  const { record, control, signal, progress } = options
  const [path] = await run<{ schemas: readonly string[] }>(control, sql`SELECT current_schemas(false) AS schemas`)
  const searchPath = loadSearchPath(record.homeSchema, path?.schemas ?? [])
  if (signal.aborted) throw loadStopped(signal.reason)
  const staged = await stoppable(control, signal, () => stage(control, record, searchPath)).catch((error: unknown) => {
    throw signal.aborted ? loadStopped(error) : error
  })
  try {
    for (const writer of options.writers) {
      await writer.query(searchPath)
      await run(writer, WRITER_TUNING)
    }
    const result = await fill(options, staged.definitions)
    signal.throwIfAborted()
    progress.phase('finish')
    await stoppable(control, signal, async () => {
      const writers = lendClients(options.writers)
      await Promise.all(
        options.tables.map(({ table }) => writers.with((writer) => run(writer, sql`ANALYZE ${sql.id(table)}`))),
      )
    })
    await options.beforeEnd()
    signal.throwIfAborted()
    await stoppable(control, signal, () => unstage(control, record, { ends: options.ends }))
    return result
  } catch (error) {
    progress.note('Taking the run back: the tables of MAS return to the state before it.')
    await undo(control, record).catch((left: unknown) => {
      throw notTakenBack(record.runId, { failed: error, left })
    })
    throw signal.aborted ? loadStopped(error) : error
  }
}

const fill = async (
  { record, tables, readers, writers, control, expectedRows, progress, signal }: LoadOptions,
  definitions: readonly Definition[],
): Promise<LoadResult> => {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const sources = lendClients(readers)
  const targets = lendClients(writers)
  const clock = phaseClock(() => performance.now())
  const results = new Map<string, TableResult>()
  const bookkeeping: Promise<void>[] = []
  const bound = copyBound()
  const watch = watchCopies(control, (rows) => {
    progress.advance('rows', rows, expectedRows)
    // What is built is built by the target alone.
    progress.bound?.(bound.look() ?? 'target')
  })

  const failFast = async (work: () => Promise<void>): Promise<void> => {
    either.throwIfAborted()
    try {
      await work()
    } catch (error) {
      // The other copies and builds need not go on: what they make would be thrown away.
      stop.abort(error)
      throw error
    }
  }
  const tasks = loadTasks(tables, definitions, {
    copy: (shape) =>
      failFast(
        async () => void results.set(shape.table, await copy(sources, targets, shape, { signal: either, bound })),
      ),
    create: (definition) =>
      failFast(() => targets.with((target) => stoppable(target, either, () => build(target, definition, either)))),
  })
  try {
    await schedule(tasks, {
      lanes: { copy: readers.length, build: Math.max(1, writers.length - 1) },
      onChange: (running) => {
        for (const phase of clock.observe(running)) progress.phase(phase)
        bookkeeping.push(setActivity(control, record.runId, running.join(', ')).catch(() => {}))
      },
    })
  } finally {
    watch.stop()
    await Promise.all(bookkeeping)
  }
  return { tables: tables.flatMap(({ table }) => results.get(table) ?? []), phases: clock.times() }
}

const copy = async (
  sources: Clients,
  targets: Clients,
  shape: TableShape,
  { signal, bound }: { readonly signal: AbortSignal; readonly bound: CopyBound },
): Promise<TableResult> => {
  const started = performance.now()
  const waits = waitClock()
  bound.add(waits)
  const copied = await sources.with((source) =>
    targets.with((target) => copyTable({ source, target }, shape, { signal, waits })),
  )
  return { ...copied, relation: shape.relation, milliseconds: Math.round(performance.now() - started) }
}

const build = async (target: Client, definition: Definition, signal: AbortSignal): Promise<void> => {
  try {
    await createDefinition(target, definition)
  } catch (error) {
    const known = clashOrSelf(error, definition)
    // A statement that we cancelled ourselves is no failure to tell of.
    throw known !== error || signal.aborted ? known : databaseFailure(`Building ${definition.name}`, target, error)
  }
}
