import { upstreamLogin } from '../../../../src/rehearsal/standins/auth0/login.ts'
import { SCOPES } from '../../../../src/rehearsal/standins/auth0/scopes.ts'
import { clientById } from '../../../../src/targets/auth0/api/clients-api.ts'
import { openManagementApi } from '../../../../src/targets/auth0/api/management-api.ts'
import { createScimConfiguration } from '../../../../src/targets/auth0/api/scim-api.ts'
import { runCanary } from '../../../../src/targets/auth0/canary/run-canary.ts'
import { deployLinking, removeLinking } from '../../../../src/targets/auth0/links/action/deploy.ts'
import { giveScopes } from '../documented-scopes.ts'
import { tenantToFill } from '../migration.ts'
import { addConnection, EMAIL_OPTIONAL, tenantAndApi } from '../tenant-and-api.ts'
import { COMPANY, clara, LONG_AFTER_MS, type Scenario, SUBJECT } from './scenario.ts'

const { signal } = new AbortController()

/** The Action that links is deployed, runs when somebody logs in, and is taken away; its identity is gone from Synapse then. */
export const linking: Scenario = async (watch) => {
  const tenant = await tenantToFill({ watch }, { providers: [COMPANY] })
  const { standIn, clock, config } = tenant
  giveScopes(standIn, SCOPES)
  const enterprise = addConnection(standIn, COMPANY.id, COMPANY.strategy)
  const { target, migrate } = await tenant.open()
  await migrate({ accounts: [clara] })
  const api = openManagementApi(config, { clock })
  await clientById(api, standIn.client.id, signal)
  await deployLinking(api, { config, client: config.client, signal })
  await clock.sleep(LONG_AFTER_MS)
  await upstreamLogin(standIn.tenant, { connection: enterprise.name, subject: SUBJECT })
  await removeLinking(api, signal)
  await api.close()
  await target.close()
  const again = await tenant.open()
  await again.migrate({ accounts: [{ ...clara, identities: [] }] }, { runId: 'run-2' })
  return { standIn, enterprise }
}

/** What only a tenant can answer is asked. */
export const asking: Scenario = async (watch) => {
  const tenant = await tenantAndApi({ providers: [COMPANY] }, { watch })
  const { api, config, standIn } = tenant
  standIn.connection.options = EMAIL_OPTIONAL
  const enterprise = addConnection(standIn, 'company', 'oidc')
  await createScimConfiguration(api, enterprise.id, signal)
  await runCanary({ api, config, syn2op: '0.0.0', probes: 'remove', told: () => undefined, signal })
  return { standIn, enterprise }
}
