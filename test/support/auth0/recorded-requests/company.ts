import { importRow } from '../../../../src/rehearsal/standins/auth0/import-row.ts'
import { upstreamLogin } from '../../../../src/rehearsal/standins/auth0/login.ts'
import { clientById } from '../../../../src/targets/auth0/api/clients-api.ts'
import { linkIdentity, unlinkIdentity } from '../../../../src/targets/auth0/api/identities-api.ts'
import {
  createScimConfiguration,
  createScimToken,
  createScimUser,
  deleteScimToken,
  deleteScimUser,
  scimUserOf,
} from '../../../../src/targets/auth0/api/scim-api.ts'
import { usersByEmail } from '../../../../src/targets/auth0/api/users-api.ts'
import { runCanary } from '../../../../src/targets/auth0/canary/run-canary.ts'
import { deployLinking, removeLinking } from '../../../../src/targets/auth0/links/action/deploy.ts'
import { addConnection, EMAIL_OPTIONAL, tenantAndApi } from '../tenant-and-api.ts'
import { COMPANY, LONG_AFTER_MS, type Scenario } from './scenario.ts'

const { signal } = new AbortController()

/** The shortest that a token of SCIM can have. */
const SCIM_LIFE_MS = 900_000

/** The Action that links is deployed, runs when somebody logs in, and is taken away. */
export const linking: Scenario = async (watch) => {
  const tenant = await tenantAndApi({ providers: [COMPANY] }, { watch })
  const { api, config, standIn, clock } = tenant
  standIn.connection.options = EMAIL_OPTIONAL
  const enterprise = addConnection(standIn, 'company', 'oidc')
  const row = {
    user_id: 'anna',
    username: 'anna',
    app_metadata: { syn2op: { mxid: '@anna:example.org' }, matrix: { external_ids: ['company|4711'] } },
  }
  importRow(standIn.tenant, standIn.connection, row, { upsert: false })
  await clientById(api, standIn.client.id, signal)
  await deployLinking(api, { config, client: config.client, signal })
  await clock.sleep(LONG_AFTER_MS)
  await upstreamLogin(standIn.tenant, { connection: enterprise.name, subject: '4711' })
  await removeLinking(api, signal)
  return { standIn, enterprise }
}

/** Somebody is made by SCIM, and becomes the first of two linked users, as often as nothing is lost. */
export const provisioning: Scenario = async (watch) => {
  const tenant = await tenantAndApi({ providers: [COMPANY] }, { watch })
  const { api, standIn } = tenant
  standIn.connection.options = EMAIL_OPTIONAL
  const enterprise = addConnection(standIn, 'company', 'oidc')
  importRow(standIn.tenant, standIn.connection, { user_id: 'anna', username: 'anna' }, { upsert: false })
  await createScimConfiguration(api, enterprise.id, signal)
  const made = await createScimToken(api, enterprise.id, SCIM_LIFE_MS, signal)
  if (made.kind !== 'made') throw new Error('no token of SCIM')
  const end = { connectionId: enterprise.id, token: made.made.token }
  const email = 'anna@example.org'
  await createScimUser(api, end, { userName: email, externalId: '4711', active: true, email }, signal)
  const id = (await scimUserOf(api, end, '4711', signal)) ?? ''
  const secondary = { provider: 'auth0', userId: 'anna' }
  await linkIdentity(api, id, { ...secondary, connectionId: standIn.connection.id }, signal)
  await unlinkIdentity(api, id, secondary, signal)
  await usersByEmail(api, email, signal)
  await deleteScimUser(api, end, id, signal)
  await deleteScimToken(api, enterprise.id, made.made.id, signal)
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
