import { createHmac, randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { type Answer, type Incoming, refusal } from '../answer.ts'
import { checkFields } from '../fields/check-fields.ts'
import { isObject } from '../json.ts'
import { EXPORT_FIELDS_RULES } from '../rules/export-fields.ts'
import type { Connection, Job, Tenant } from '../tenant.ts'
import { userBody } from '../user-body.ts'
import { exportFields, exportText } from './export-file.ts'
import { jobBody } from './job-body.ts'
import { jobId } from './job-id.ts'
import { EXPORT_BASE, EXPORT_PER_THOUSAND, LOCATION_KEPT } from './speeds.ts'

/** The export jobs of a tenant, and the files that they give. */
export interface ExportJobs {
  /** `lag`: milliseconds that it takes longer. */
  start(incoming: Incoming, lag: number): Answer
  /** Where the file is for the next minute; undefined while there is none. */
  locationOf(job: Job): string | undefined
  /** The file behind such an address. */
  download(name: string, query: URLSearchParams): Answer
  catchUp(): void
}

interface Work {
  readonly job: Job
  readonly ends: number
  write(): void
}

const EXTENSION = { json: 'json.gz', csv: 'csv.gz' } as const

const membersOf = function* (
  tenant: Tenant,
  connection: Connection | undefined,
  most: number,
): Generator<Readonly<Record<string, unknown>>> {
  let count = 0
  for (const user of tenant.users.all()) {
    if (count >= most) return
    if (tenant.clock.now() - user.createdAt < tenant.readings.exportLag) continue
    if (connection === undefined || user.identities[0]?.connection === connection.name) {
      count += 1
      yield userBody(user)
    }
  }
}

const usualLimit = ({ readings: { exportedWithoutLimit: usual } }: Tenant): number =>
  usual === 'everybody' ? Number.POSITIVE_INFINITY : usual

export const openExportJobs = (tenant: Tenant, signal?: AbortSignal): ExportJobs => {
  const key = randomBytes(32)
  let works: readonly Work[] = []

  const signatureOf = (name: string, expires: string): string =>
    createHmac('sha256', key).update(`${name} ${expires}`).digest('hex')

  const catchUp = (): void => {
    const due = works.filter(({ ends }) => tenant.clock.now() >= ends)
    works = works.filter((work) => !due.includes(work))
    for (const { job, ends, write } of due) {
      write()
      job.status = 'completed'
      job.endedAt = ends
    }
  }

  const follow = async ({ ends }: Work): Promise<void> => {
    await tenant.clock.sleep(ends - tenant.clock.now(), signal)
    catchUp()
  }

  const begin = (body: Readonly<Record<string, unknown>>, connection: Connection | undefined, lag: number): Job => {
    const format: 'json' | 'csv' = body['format'] === 'csv' ? 'csv' : 'json'
    const output = { format, text: '' } satisfies Job['output']
    const job: Job = {
      id: jobId(),
      type: 'users_export',
      ...(connection === undefined ? {} : { connectionId: connection.id }),
      createdAt: tenant.clock.now(),
      status: 'pending',
      errors: [],
      output,
    }
    const most = typeof body['limit'] === 'number' ? body['limit'] : usualLimit(tenant)
    const work: Work = {
      job,
      ends: job.createdAt + EXPORT_BASE + Math.ceil(tenant.users.count() / 1000) * EXPORT_PER_THOUSAND + lag,
      write: () => {
        output.text = exportText(format, exportFields(body['fields']), membersOf(tenant, connection, most))
      },
    }
    tenant.jobs.set(job.id, job)
    works = [...works, work]
    // The stand-in is closed before the job has ended: nobody is there to see it.
    follow(work).catch(() => undefined)
    return job
  }

  return {
    catchUp,
    start: ({ json }, lag) => {
      const body = isObject(json) ? json : {}
      const [violation] = checkFields(EXPORT_FIELDS_RULES, 'export job', body)
      if (violation !== undefined) {
        const { message, path } = violation
        const where = path === '' ? '' : ` on property ${path}`
        return refusal(400, 'Bad Request', `Payload validation error: '${message}${where}'.`, violation.code)
      }
      const id = body['connection_id']
      const connection = typeof id === 'string' ? tenant.connections.get(id) : undefined
      if (id !== undefined && connection === undefined)
        return refusal(400, 'Bad Request', 'The connection does not exist', 'inexistent_connection')
      return { status: 200, body: jobBody(tenant, begin(body, connection, lag)) }
    },
    locationOf: (job) => {
      if (job.status !== 'completed' || job.output === undefined) return undefined
      const name = `${job.id}.${EXTENSION[job.output.format]}`
      const expires = String(tenant.clock.now() + LOCATION_KEPT)
      return `${tenant.url}/exports/${name}?expires=${expires}&signature=${signatureOf(name, expires)}`
    },
    download: (name, query) => {
      const expires = query.get('expires') ?? ''
      const job = tenant.jobs.get(name.split('.')[0] ?? '')
      if (query.get('signature') !== signatureOf(name, expires)) return { status: 403, body: 'AccessDenied' }
      if (tenant.clock.now() > Number(expires)) return { status: 403, body: 'AccessDenied: Request has expired' }
      return job?.output === undefined
        ? { status: 404, body: 'NoSuchKey' }
        : { status: 200, headers: { 'content-type': 'application/gzip' }, body: gzipSync(job.output.text) }
    },
  }
}
