import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { PlanDocument, RunDocument } from '../../report/documents.ts'
import type { LinkDocument } from '../../report/link-document.ts'
import type { RollbackDocument } from '../../report/rollback-document.ts'
import type { RunEvent } from '../../report/run-record.ts'
import { planSchema, runSchema } from '../../report/schema/documents.ts'
import { linkSchema } from '../../report/schema/link.ts'
import { rollbackSchema } from '../../report/schema/rollback.ts'
import { eventSchema } from '../../report/schema/run-record.ts'
import { isRunId, runFiles } from './run-folder.ts'

/** What a run's folder says of it, as far as it goes: a run can have been killed at any moment. */
export interface StoredRun {
  readonly runId: string
  readonly events: readonly RunEvent[]
  readonly plan?: PlanDocument
  readonly report?: RunDocument
  /** Of a rollback what it did, or what it was about to do. */
  readonly rollback?: RollbackDocument
  /** Of a run of links what it wrote or took back, or was about to. */
  readonly link?: LinkDocument
  /** The file by which it is paused. */
  readonly paused?: string
}

/** The runs that have a folder, the newest first; none where there is no such folder. */
export const listRunIds = async (runs: string): Promise<readonly string[]> => {
  try {
    return (await readdir(runs)).filter(isRunId).toSorted().toReversed()
  } catch (error) {
    if (isMissing(error)) return []
    throw unreadable(runs, error)
  }
}

/**
 * @throws Syn2opError run.missing, run.unreadable
 */
export const readRun = async (runs: string, runId: string): Promise<StoredRun> => {
  if (!isRunId(runId) || !(await listRunIds(runs)).includes(runId)) throw missing(runs, runId)
  const files = runFiles(runs, runId)
  const events = await readEvents(files.events)
  if (events.some((event) => event.event === 'started' && event.kind === 'rollback')) {
    const shown = await readDocument<RollbackDocument>(files.plan, rollbackSchema)
    const rollback = (await readDocument<RollbackDocument>(files.report, rollbackSchema)) ?? shown
    return { runId, events, ...(rollback === undefined ? {} : { rollback }) }
  }
  if (events.some((event) => event.event === 'started' && event.kind === 'link')) {
    const link =
      (await readDocument<LinkDocument>(files.report, linkSchema)) ??
      (await readDocument<LinkDocument>(files.plan, linkSchema))
    return { runId, events, ...(link === undefined ? {} : { link }) }
  }
  const plan = await readDocument<PlanDocument>(files.plan, planSchema)
  const report = await readDocument<RunDocument>(files.report, runSchema)
  return {
    runId,
    events,
    ...(plan === undefined ? {} : { plan }),
    ...(report === undefined ? {} : { report }),
    ...(existsSync(files.pause) ? { paused: files.pause } : {}),
  }
}

/** The newest run of people that has a folder; one of links has no report like theirs. */
export const readLastRun = async (runs: string): Promise<StoredRun> => {
  for (const runId of await listRunIds(runs)) {
    const run = await readRun(runs, runId)
    if (run.link === undefined) return run
  }
  throw missing(runs, undefined)
}

/** Checked against its schema and given as it stands: what a later version added is kept. */
const readDocument = async <Document>(file: string, schema: z.ZodType): Promise<Document | undefined> => {
  const text = await readText(file)
  if (text === undefined) return undefined
  const value = parsed(text)
  if (schema.safeParse(value).success) return value as Document
  throw new Syn2opError('run.unreadable', `${file} is no document that this version of syn2op knows`)
}

/** A line that was cut off when the process was killed tells nothing, and neither does one of a later version. */
const readEvents = async (file: string): Promise<readonly RunEvent[]> =>
  ((await readText(file)) ?? '').split('\n').flatMap((line) => {
    const event = eventSchema.safeParse(parsed(line))
    return event.success ? [event.data] : []
  })

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const readText = async (file: string): Promise<string | undefined> => {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw unreadable(file, error)
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

const unreadable = (path: string, error: unknown): Syn2opError =>
  new Syn2opError(
    'run.unreadable',
    `${path} cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'})`,
    { cause: error },
  )

const missing = (runs: string, runId: string | undefined): Syn2opError =>
  new Syn2opError(
    'run.missing',
    runId === undefined ? `No run has a record in ${runs}` : `${runs} has no run ${runId}`,
    {
      next: ['`syn2op runs list` shows the runs; --runs-dir names another folder.'],
    },
  )
