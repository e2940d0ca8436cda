import { fieldSettings } from '../connection-settings.ts'
import type { ImportFault } from '../faults.ts'
import { importRow } from '../import-row.ts'
import { type SeenInFile, seenInFile } from '../seen-in-file.ts'
import type { Connection, Job, JobError, Tenant } from '../tenant.ts'
import { withSecretsInWords } from './echo.ts'
import { jobId } from './job-id.ts'
import { BEFORE_FIRST_ROW, JOB_KEPT, JOB_TIMEOUT, MOST_AT_ONCE, ROWS_AN_HOUR } from './speeds.ts'

/** A request for an import that was let in. */
export interface ImportRequest {
  readonly connection: Connection
  /** The text of the file. */
  readonly file: string
  readonly upsert: boolean
  readonly externalId?: string
  readonly mailsOwners: boolean
  /** What is to go wrong with it. */
  readonly fault?: ImportFault
}

/** The import jobs of a tenant, on its clock. */
export interface ImportJobs {
  /** Whether one more would be one too many. */
  full(): boolean
  start(request: ImportRequest): Job
  /** Does whatever is due by now: rows, ends, deletions. */
  catchUp(): void
}

interface Work {
  readonly job: Job
  readonly request: ImportRequest
  /** Undefined: the file is no array of JSON. */
  readonly rows: readonly unknown[] | undefined
  /** Milliseconds of one row. */
  readonly pace: number
  readonly errors: JobError[]
  readonly seen: SeenInFile
  done: number
  inserted: number
  updated: number
}

const NO_JSON = 'Failed to parse users file JSON when importing users. Make sure it is valid JSON.'
const NOT_ENABLED = 'The connection is not enabled for any application.'

const rowsOf = (file: string): readonly unknown[] | undefined => {
  try {
    const parsed: unknown = JSON.parse(file)
    return Array.isArray(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

/** How many rows it does before it ends, one way or another. */
const lengthOf = ({ rows, request }: Work): number => {
  if (rows === undefined || request.connection.enabledClients.size === 0 || request.fault === 'job sticks') return 0
  return request.fault === 'job fails' ? Math.floor(rows.length / 2) : rows.length
}

const dueAt = ({ job, pace }: Work, row: number): number => job.createdAt + BEFORE_FIRST_ROW + (row + 1) * pace

/** When it ends, if the two hours last. */
const endOf = (work: Work): number => {
  const { job, request } = work
  if (request.fault === 'job sticks') return Number.POSITIVE_INFINITY
  const length = lengthOf(work)
  return length === 0 ? job.createdAt + BEFORE_FIRST_ROW : dueAt(work, length - 1)
}

const doRow = (tenant: Tenant, work: Work): void => {
  const { request, rows = [] } = work
  const row = rows[work.done]
  const outcome = importRow(tenant, request.connection, row, { upsert: request.upsert, seen: work.seen })
  work.done += 1
  if (outcome.kind === 'inserted') work.inserted += 1
  else if (outcome.kind === 'updated') work.updated += 1
  else work.errors.push({ user: row, errors: outcome.errors })
}

const complete = (work: Work): void => {
  const { job, request, rows = [], inserted, updated, errors } = work
  job.status = 'completed'
  job.errors = request.fault === 'echo without secrets' ? errors.map(withSecretsInWords) : errors
  if (request.fault === 'no summary') return
  job.summary = { total: rows.length, inserted, updated, failed: errors.length }
}

const end = (tenant: Tenant, work: Work, at: number): void => {
  const { job, request, rows } = work
  job.endedAt = at
  job.status = 'failed'
  if (at >= job.createdAt + JOB_TIMEOUT) job.errors = work.errors
  else if (request.connection.enabledClients.size === 0) job.statusDetails = NOT_ENABLED
  else if (rows === undefined) job.statusDetails = NO_JSON
  else if (request.fault !== 'job fails' && request.fault !== 'job sticks') complete(work)
  if (request.mailsOwners)
    tenant.mails.push({ at, to: 'every owner of the tenant', subject: `Import user job ${job.status}` })
}

export const openImportJobs = (
  tenant: Tenant,
  rowsAnHour = ROWS_AN_HOUR[tenant.plan],
  signal?: AbortSignal,
): ImportJobs => {
  let works: readonly Work[] = []

  /** The work whose next row comes first. */
  const next = (now: number): Work | undefined => {
    const due = works.filter(
      (work) => work.done < lengthOf(work) && dueAt(work, work.done) <= Math.min(now, work.job.createdAt + JOB_TIMEOUT),
    )
    return due.toSorted((one, other) => dueAt(one, one.done) - dueAt(other, other.done))[0]
  }

  const show = (work: Work, now: number): void => {
    const { job, request } = work
    const starts = job.createdAt + BEFORE_FIRST_ROW
    if (now < starts || request.fault === 'job sticks') return
    job.status = 'processing'
    job.percentageDone = Math.round((100 * (now - starts)) / (endOf(work) - starts))
  }

  const catchUp = (): void => {
    const now = tenant.clock.now()
    for (let work = next(now); work !== undefined; work = next(now)) doRow(tenant, work)
    for (const work of works) {
      const ends = Math.min(endOf(work), work.job.createdAt + JOB_TIMEOUT)
      if (now >= ends) end(tenant, work, ends)
      else show(work, now)
    }
    works = works.filter(({ job }) => job.endedAt === undefined)
    for (const [id, job] of tenant.jobs) if (now >= job.createdAt + JOB_KEPT) tenant.jobs.delete(id)
  }

  const follow = async (work: Work): Promise<void> => {
    const ends = Math.min(endOf(work), work.job.createdAt + JOB_TIMEOUT)
    await tenant.clock.sleep(ends - tenant.clock.now(), signal)
    catchUp()
  }

  return {
    full: () => works.length >= MOST_AT_ONCE,
    start: (request) => {
      const job: Job = {
        id: jobId(),
        type: 'users_import',
        connectionId: request.connection.id,
        ...(request.externalId === undefined ? {} : { externalId: request.externalId }),
        createdAt: tenant.clock.now(),
        status: 'pending',
        errors: [],
      }
      const work: Work = {
        job,
        request,
        rows: rowsOf(request.file),
        pace: 3_600_000 / rowsAnHour,
        errors: [],
        seen: seenInFile(fieldSettings(request.connection).sharesEmails),
        done: 0,
        inserted: 0,
        updated: 0,
      }
      tenant.jobs.set(job.id, job)
      works = [...works, work]
      // The stand-in is closed before the job has ended: nobody is there to see it.
      follow(work).catch(() => undefined)
      return job
    },
    catchUp,
  }
}
