import type { Clock } from '../../http/clock.ts'
import type { WaitingClock } from '../../http/waiting-clock.ts'
import { type Job, type JobErrors, jobById, jobErrors, type SubmitAnswer, submitImport } from '../api/jobs-api.ts'
import type { ManagementApi } from '../api/management-api.ts'
import type { PresentUser } from '../api/user.ts'
import { userById } from '../api/users-api.ts'
import type { ImportNotes } from './import-notes.ts'
import type { JobPace } from './job-pace.ts'
import type { JobsAtWork } from './jobs-at-work.ts'
import type { Slots } from './slots.ts'

/** What imports ask of a tenant, and what they share in one process. */
export interface Importing {
  /**
   * @param file a JSON array of users; holds secrets
   * @throws Syn2opError `isUnclear` where the answer was lost: the job may run
   */
  submit(file: Buffer, externalId: string, signal: AbortSignal): Promise<SubmitAnswer>
  job(id: string, signal: AbortSignal): Promise<Job | undefined>
  errors(id: string, signal: AbortSignal): Promise<JobErrors>
  userById(id: string, signal: AbortSignal): Promise<PresentUser | undefined>
  readonly clock: Clock
  readonly slots: Slots
  readonly pace: JobPace
  /** Of what is sent, for runs that come later. */
  readonly imports: Pick<ImportNotes, 'sending'>
  readonly atWork: JobsAtWork
  /** Counts the time in which jobs of the tenant that are not ours are waited for. */
  readonly busy: Pick<WaitingClock, 'begin' | 'end'>
}

export const importingInto = (
  api: ManagementApi,
  {
    connectionId,
    ...shared
  }: Pick<Importing, 'slots' | 'pace' | 'imports' | 'atWork' | 'busy'> & { readonly connectionId: string },
): Importing => ({
  ...shared,
  clock: api.clock,
  submit: (file, externalId, signal) => submitImport(api, { connectionId, externalId, file }, signal),
  job: (id, signal) => jobById(api, id, signal),
  errors: (id, signal) => jobErrors(api, id, signal),
  userById: (id, signal) => userById(api, id, signal),
})
