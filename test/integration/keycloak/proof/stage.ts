import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { userIdOf } from '../../../../src/targets/keycloak/accounts/user-id.ts'
import { type BrowserApp, registerApp, startBrowserApp } from '../../../support/keycloak/browser-app.ts'
import { newRealm, type TestRealm } from '../../../support/keycloak/realm.ts'
import { sharedKeycloak } from '../../../support/keycloak/shared-server.ts'
import { testPostgres } from '../../../support/postgres.ts'
import type { SynapseOptions } from '../../../support/synapse/configuration.ts'
import { installSynapse } from '../../../support/synapse/install.ts'
import { freePort, type RunningSynapse, startSynapse } from '../../../support/synapse/start.ts'
import { type Administrator, administrator } from './administrator.ts'
import { makeGoogle } from './google.ts'
import { liveHere } from './live-here.ts'
import { UNLINKED } from './people.ts'

/** A Synapse whose people have moved to a realm, by what an administrator types; Synapse logs people in by that realm now. */
export interface Stage extends Pick<Administrator, 'syn2op'> {
  readonly realm: TestRealm
  readonly synapse: RunningSynapse
  readonly app: BrowserApp
  /** Access tokens that Synapse gave before the move, by localpart. */
  readonly tokens: ReadonlyMap<string, string>
  mxid(localpart: string): string
  /** The id at Keycloak that was derived of the Matrix id. */
  idOf(localpart: string): string
  close(): Promise<void>
}

/** What nobody minds here. */
export const ACCEPT = ['--accept=all-warnings', '--accept=SYNAPSE_BACKGROUND_UPDATES'] as const

const DATABASE = 'keycloak_proof'
const SERVER_NAME = 'proof.example'
const ROLES = [
  'manage-realm',
  'manage-users',
  'manage-clients',
  'manage-identity-providers',
  'view-identity-providers',
] as const

const mxid = (localpart: string): string => `@${localpart}:${SERVER_NAME}`

const PREPARED = z.object({ wirings: z.tuple([z.object({ block: z.string() })]) })
const WIRED = z.object({ oidc_providers: z.tuple([z.looseObject({ idp_id: z.string() })]) })

const secretOf = async ({ admin }: TestRealm, clientId: string): Promise<string> => {
  const [client] = await admin.get(`clients?clientId=${clientId}`, z.array(z.object({ id: z.string() })))
  const { value } = await admin.get(`clients/${client?.id}/client-secret`, z.object({ value: z.string() }))
  return value
}

/**
 * Makes the realm ready, and moves everybody there.
 * @returns how Synapse is told to log people in by it: the block that it is told to paste, with the secret's place
 */
const move = async ({ done, write }: Administrator, realm: TestRealm): Promise<readonly unknown[]> => {
  const { url, name, client } = realm
  const identityProviders = { 'oidc-google': 'google' }
  await write('keycloak.yaml', stringify({ url, realm: name, client, identity_providers: identityProviders }))
  const prepared = await done('keycloak', 'prepare', '--for=synapse', '--apply', '--json')
  await done('migrate', '--target=keycloak', ...ACCEPT)
  const [{ block }] = PREPARED.parse(JSON.parse(prepared)).wirings
  const [provider] = WIRED.parse(parse(block)).oidc_providers
  const secretFile = await write('client-secret', await secretOf(realm, 'synapse'))
  // Synapse insists on https otherwise.
  return [{ ...provider, client_secret_path: secretFile, skip_verification: true }]
}

type Later = (close: () => Promise<unknown>) => void

const makeStage = async (later: Later): Promise<Omit<Stage, 'close'>> => {
  const keycloak = await sharedKeycloak()
  const { pepper = '' } = keycloak
  const installed = await installSynapse('1.163.2')
  const postgres = testPostgres()
  const admin = await administrator()
  later(admin.leave)
  const app = await startBrowserApp()
  later(app.stop)
  const realm = await newRealm(keycloak, { roles: ROLES })
  later(realm.remove)
  await registerApp(realm, app)
  const google = await makeGoogle(keycloak, realm)
  later(google.remove)

  const port = await freePort()
  const database = await postgres.createDatabase(DATABASE, { encoding: 'UTF8' })
  const options = (providers: readonly unknown[]): SynapseOptions => ({
    database,
    serverName: SERVER_NAME,
    pepper,
    settings: { oidc_providers: providers, sso: { client_whitelist: [app.url] } },
  })
  const before = options([google.settings])
  const old = await startSynapse(installed, { port, ...before })
  const homeserver = { synapse: old, postgres, database: DATABASE, python: installed.python, pepper }
  const tokens = await liveHere(homeserver, google.personId).finally(old.stop)

  await admin.writeHomeserver(before, port)
  const after = options(await move(admin, realm))
  await admin.writeHomeserver(after, port)
  await admin.done('link', '--to=synapse', '--apply', ...ACCEPT)
  await postgres.execute(DATABASE, `DELETE FROM user_external_ids WHERE user_id = '${mxid(UNLINKED.localpart)}'`)
  const synapse = await startSynapse(installed, { port, ...after })
  later(synapse.stop)
  const idOf = (localpart: string): string => userIdOf(realm.name, mxid(localpart))
  return { realm, synapse, app, tokens, syn2op: admin.syn2op, mxid, idOf }
}

export const openStage = async (): Promise<Stage> => {
  const opened: (() => Promise<unknown>)[] = []
  const close = async (): Promise<void> => {
    for (const one of opened.toReversed()) await one()
  }
  try {
    return { ...(await makeStage((one) => opened.push(one))), close }
  } catch (error) {
    await close()
    throw error
  }
}
