import { type Answer, type Incoming, type Operation, refusal } from '../answer.ts'
import type { ImportFault } from '../faults.ts'
import type { Job, Tenant } from '../tenant.ts'
import type { ExportJobs } from './export-jobs.ts'
import type { ImportJobs } from './import-jobs.ts'
import { readImportRequest } from './import-request.ts'
import { jobBody } from './job-body.ts'
import { MOST_AT_ONCE } from './speeds.ts'

const JOB_ID = /^job_[A-Za-z0-9]{16}$/u

/** What is to go wrong with the job of a request. */
export type JobFault = ImportFault | 'export lags'

const LAG = 600_000

const found = (tenant: Tenant, id: string): Job | Answer => {
  if (!JOB_ID.test(id))
    return refusal(
      400,
      'Bad Request',
      "Path validation error: 'String does not match pattern ^job_[A-Za-z0-9]{16}$' on property id",
      'invalid_uri',
    )
  return tenant.jobs.get(id) ?? refusal(404, 'Not Found', 'The job does not exist', 'inexistent_job')
}

const isAnswer = (value: Job | Answer): value is Answer => typeof value.status === 'number'

const errorsAnswer = (tenant: Tenant, job: Job): Answer => {
  if (job.errors.length > 0) return { status: 200, body: job.errors }
  const hasEnded = job.status === 'completed' || job.status === 'failed'
  return hasEnded && job.statusDetails === undefined ? { status: 204 } : { status: 200, body: jobBody(tenant, job) }
}

/** The four operations of jobs. `faultOf` says what is to go wrong with the job of a request. */
export const jobOperations = (
  imports: ImportJobs,
  exports: ExportJobs,
  faultOf: (incoming: Incoming) => JobFault | undefined,
): readonly Operation[] => [
  {
    method: 'POST',
    path: '/jobs/users-imports',
    scopes: ['create:users'],
    limit: 'other',
    answer: (tenant, incoming) => {
      const request = readImportRequest(tenant, incoming)
      if ('status' in request) return request
      if (imports.full())
        return refusal(
          429,
          'Too Many Requests',
          `There are ${MOST_AT_ONCE} active import users jobs, please wait until some of them are finished and try again`,
        )
      const fault = faultOf(incoming)
      const job = imports.start({ ...request, ...(fault === undefined || fault === 'export lags' ? {} : { fault }) })
      return { status: 202, body: jobBody(tenant, job) }
    },
  },
  {
    method: 'POST',
    path: '/jobs/users-exports',
    scopes: ['read:users'],
    limit: 'other',
    answer: (_, incoming) => exports.start(incoming, faultOf(incoming) === 'export lags' ? LAG : 0),
  },
  {
    method: 'GET',
    path: '/jobs/{id}',
    scopes: ['create:users', 'read:users'],
    limit: 'other',
    answer: (tenant, _, { id = '' }) => {
      const job = found(tenant, id)
      return isAnswer(job) ? job : { status: 200, body: jobBody(tenant, job, exports.locationOf(job)) }
    },
  },
  {
    method: 'GET',
    path: '/jobs/{id}/errors',
    scopes: ['create:users', 'read:users'],
    limit: 'other',
    answer: (tenant, _, { id = '' }) => {
      const job = found(tenant, id)
      return isAnswer(job) ? job : errorsAnswer(tenant, job)
    },
  },
]
