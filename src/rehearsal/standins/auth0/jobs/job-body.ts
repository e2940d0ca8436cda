import type { Job, Tenant } from '../tenant.ts'

const present = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

/** A job as the API shows it. `location`: where the file of an export is, good for a minute. */
export const jobBody = (tenant: Tenant, job: Job, location?: string): Readonly<Record<string, unknown>> =>
  present({
    id: job.id,
    type: job.type,
    status: job.status,
    created_at: new Date(job.createdAt).toISOString(),
    connection: job.connectionId === undefined ? undefined : tenant.connections.get(job.connectionId)?.name,
    connection_id: job.connectionId,
    external_id: job.externalId,
    percentage_done: job.status === 'processing' ? job.percentageDone : undefined,
    summary: job.summary,
    status_details: job.statusDetails,
    format: job.output?.format,
    location,
  })
