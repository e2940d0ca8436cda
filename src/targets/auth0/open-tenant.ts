import type { ConflictRules } from '../../mapping/mapping.ts'
import { waitingClock } from '../http/waiting-clock.ts'
import { keepRunNames } from '../slow-road/run-names.ts'
import { keepUnreported } from '../slow-road/unreported.ts'
import type { UserRules } from './accounts/user-rules.ts'
import { optionsOf } from './api/connections-api.ts'
import type { ManagementApi } from './api/management-api.ts'
import { keepGonePeople } from './apply/gone-people.ts'
import { everybody } from './census/everybody.ts'
import { keepCensus } from './census/keep-census.ts'
import { connectionRules } from './check/connection-rules.ts'
import type { Auth0Config } from './config/auth0-config.ts'
import { keepImportNotes } from './jobs/import-notes.ts'
import { importingInto } from './jobs/importing.ts'
import { openJobPace } from './jobs/job-pace.ts'
import { openJobsAtWork } from './jobs/jobs-at-work.ts'
import { openSlots } from './jobs/slots.ts'
import { openScimEnds } from './links/scim/scim-ends.ts'
import { requireConnection } from './require-connection.ts'
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
  let rules: UserRules | undefined
  const about = (signal: AbortSignal): Promise<AboutConnection> => {
    known ??= readConnection(api, config, signal)
      .then(({ id, takes }): AboutConnection => {
        rules = { ...config, takes, conflicts }
        return { id, rules, importing: importingInto(api, { ...shared, connectionId: id }) }
      })
      .catch((error: unknown) => {
        known = undefined
        throw error
      })
    return known
  }
  const scim = openScimEnds(api)
  const census = keepCensus({
    users: async function* (signal) {
      yield* everybody({ api, config, connectionId: (await about(signal)).id }, signal)
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
    knownRules: () => rules,
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
      try {
        await census.close()
      } finally {
        await scim.close()
      }
    },
  }
}

const readConnection = async (
  api: ManagementApi,
  config: Auth0Config,
  signal: AbortSignal,
): Promise<{ readonly id: string; readonly takes: AboutConnection['rules']['takes'] }> => {
  const connection = await requireConnection(api, config, signal)
  return { id: connection.id, takes: connectionRules(optionsOf(connection)) }
}
