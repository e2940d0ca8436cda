import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { ConflictRules } from '../../mapping/mapping.ts'
import { waitingClock } from '../http/waiting-clock.ts'
import { keepRunNames } from '../slow-road/run-names.ts'
import { keepUnreported } from '../slow-road/unreported.ts'
import { databaseUsers } from './accounts/linked-user.ts'
import { connectionByName, optionsOf } from './api/connections-api.ts'
import type { ManagementApi } from './api/management-api.ts'
import { keepGonePeople } from './apply/gone-people.ts'
import { exportUsers } from './census/export-users.ts'
import { keepCensus } from './census/keep-census.ts'
import { connectionRules } from './check/connection-rules.ts'
import type { Auth0Config } from './config/auth0-config.ts'
import { keepImportNotes } from './jobs/import-notes.ts'
import { importingInto } from './jobs/importing.ts'
import { openJobPace } from './jobs/job-pace.ts'
import { openJobsAtWork } from './jobs/jobs-at-work.ts'
import { openSlots } from './jobs/slots.ts'
import { openScimEnds } from './links/scim/scim-ends.ts'
import type { AboutConnection, Auth0Tenant } from './tenant.ts'

export interface TenantOptions {
  readonly config: Auth0Config
  /** Of the homeserver whose people move. */
  readonly serverName: string
  readonly conflicts: ConflictRules
  /** Synapse's pepper; a secret. */
  readonly pepper: string | undefined
  /** Where the census is kept, if there is such a folder; else where the system keeps temporary files. */
  readonly folder?: string
}

/** As many import jobs of a tenant as Auth0 has at work at once. */
const JOBS_AT_ONCE = 2

/** What the parts of a target share. Nothing is asked yet: the first plan does. */
export const openTenant = (
  api: ManagementApi,
  { config, serverName, conflicts, pepper, folder }: TenantOptions,
): Auth0Tenant & { close(): Promise<void> } => {
  const busy = waitingClock(() => api.clock.now())
  const imports = keepImportNotes(api.clock)
  const jobsAtWork = openJobsAtWork()
  const shared = { slots: openSlots(JOBS_AT_ONCE), pace: openJobPace(config.plan), imports, busy, atWork: jobsAtWork }
  let known: Promise<AboutConnection> | undefined
  const about = (signal: AbortSignal): Promise<AboutConnection> => {
    known ??= readConnection(api, config, signal)
      .then(
        ({ id, takes }): AboutConnection => ({
          id,
          rules: { ...config, takes, conflicts },
          importing: importingInto(api, { ...shared, connectionId: id }),
        }),
      )
      .catch((error: unknown) => {
        known = undefined
        throw error
      })
    return known
  }
  const scim = openScimEnds(api)
  // Whoever is linked to a user of SCIM is exported with that one's connection.
  const census = keepCensus({
    users: async function* (signal) {
      for await (const user of exportUsers(api, (await about(signal)).id, signal))
        yield* databaseUsers(user, config.connection)
      for (const { id } of config.providers.filter(({ link }) => link === 'scim')) {
        const connection = await connectionByName(api, id, signal)
        if (connection === undefined) continue
        for await (const user of exportUsers(api, connection.id, signal)) yield* databaseUsers(user, config.connection)
      }
    },
    now: () => api.clock.now(),
    ...(folder === undefined ? {} : { folder }),
  })
  return {
    config,
    serverName,
    conflicts,
    api,
    secrets: config.pepper === 'disclose' && pepper !== undefined ? { pepper } : {},
    about,
    census,
    gone: keepGonePeople(),
    imports,
    jobsAtWork,
    scim,
    runNames: { quick: keepRunNames(), thorough: keepRunNames() },
    unreported: keepUnreported(),
    waited() {
      const { network, quota } = api.waited()
      return { network, quota: quota + busy.milliseconds() }
    },
    async close() {
      await census.close()
      await scim.close()
    },
  }
}

const readConnection = async (
  api: ManagementApi,
  { connection: name, url }: Auth0Config,
  signal: AbortSignal,
): Promise<{ readonly id: string; readonly takes: AboutConnection['rules']['takes'] }> => {
  const connection = await connectionByName(api, name, signal)
  if (connection === undefined) {
    throw new Syn2opError('config.invalid', `Auth0 at ${url} has no connection ${name}`, {
      next: [
        'Write the name of the database connection as `connection` into auth0.yaml, or make it: `syn2op auth0 prepare`.',
      ],
    })
  }
  return { id: connection.id, takes: connectionRules(optionsOf(connection)) }
}
