import { encodedPath } from '../../http/encoded-path.ts'
import { parsed, type Refused, readIfThere, refused } from './answers.ts'
import { JOB, JOB_ERRORS, type Job, type RowRefusal } from './job-shapes.ts'
import type { ManagementApi } from './management-api.ts'
import { type Multipart, multipart } from './multipart.ts'

export { hasEnded, type Job, type RowError, type RowRefusal } from './job-shapes.ts'

/** In bytes: the body of an import request as a whole must not be longer. */
export const LONGEST_IMPORT = 512_000

export interface ImportRequest {
  /** `con_…`. */
  readonly connectionId: string
  /** Comes back with the job. */
  readonly externalId: string
  /** A JSON array of rows: hashes, and perhaps the pepper. */
  readonly file: Buffer
  /** Whoever has the address of a row is changed by it; absent: whoever is there is left as they are. */
  readonly mode?: 'upsert'
}

/** The body of an import request, as it is sent: nobody is told of the job by e-mail, which Auth0 else does. */
export const importForm = ({ connectionId, externalId, file, mode }: ImportRequest): Multipart =>
  multipart(
    {
      connection_id: connectionId,
      external_id: externalId,
      upsert: String(mode === 'upsert'),
      send_completion_email: 'false',
    },
    { name: 'users', fileName: 'users.json', contentType: 'application/json', bytes: file },
  )

/** `busy`: two import jobs are at work, and nothing has been done. `too long`: nor has it for a body that is longer than it may be. */
export type SubmitAnswer =
  | { readonly kind: 'accepted'; readonly job: Job }
  | { readonly kind: 'busy' }
  | { readonly kind: 'too long' }
  | Refused

/** An answer that is lost throws an error that `isUnclear`: the job may be there, and cannot be found by anybody. */
export const submitImport = async (
  api: ManagementApi,
  request: ImportRequest,
  signal: AbortSignal,
): Promise<SubmitAnswer> => {
  const asked = { method: 'POST', path: 'jobs/users-imports' } as const
  const answer = await api.send({ ...asked, form: importForm(request), signal })
  const { status } = answer
  if (status === 429) return { kind: 'busy' }
  if (status === 413) return { kind: 'too long' }
  return status >= 200 && status < 300 ? { kind: 'accepted', job: parsed(JOB, asked, answer) } : refused(answer)
}

/** Undefined where there is none, or none any more: Auth0 keeps jobs for 24 hours. */
export const jobById = (api: ManagementApi, id: string, signal: AbortSignal): Promise<Job | undefined> =>
  readIfThere(api, JOB, { path: encodedPath`jobs/${id}`, signal })

/** `job`: it failed as a whole. `none`: Auth0 has no errors of it. `gone`: there is no such job, or none any more. */
export type JobErrors =
  | { readonly kind: 'rows'; readonly rows: readonly RowRefusal[] }
  | { readonly kind: 'job'; readonly job: Job }
  | { readonly kind: 'none' }
  | { readonly kind: 'gone' }

/** Why rows of an import job, or all of it, were refused. */
export const jobErrors = async (api: ManagementApi, id: string, signal: AbortSignal): Promise<JobErrors> => {
  const request = { method: 'GET', path: encodedPath`jobs/${id}/errors` } as const
  const answer = await api.send({ ...request, signal })
  if (answer.status === 404) return { kind: 'gone' }
  if (answer.status === 204 || answer.body === undefined) return { kind: 'none' }
  const found = parsed(JOB_ERRORS, request, answer)
  return 'status' in found ? { kind: 'job', job: found } : { kind: 'rows', rows: found }
}

export interface ExportRequest {
  readonly connectionId: string
  /** Names of root fields, `app_metadata` among them: those that are not named are left out. */
  readonly fields: readonly string[]
}

/** Everybody of a connection, into a file with a JSON object a line. */
export const startExport = async (
  api: ManagementApi,
  { connectionId, fields }: ExportRequest,
  signal: AbortSignal,
): Promise<{ readonly kind: 'accepted'; readonly job: Job } | Refused> => {
  const asked = { method: 'POST', path: 'jobs/users-exports' } as const
  const body = { connection_id: connectionId, format: 'json', fields: fields.map((name) => ({ name })) }
  const answer = await api.send({ ...asked, body, signal })
  return answer.status >= 200 && answer.status < 300
    ? { kind: 'accepted', job: parsed(JOB, asked, answer) }
    : refused(answer)
}
