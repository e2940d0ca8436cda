import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { writeDemoConfigs } from '../../../src/rehearsal/demo/configs.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import { realClock } from '../../../src/rehearsal/standins/auth0/clock.ts'
import { type StandIn, startStandIn } from '../../../src/rehearsal/standins/auth0/server.ts'
import { createDemoHomeserver } from '../migration/demo-homeserver.ts'
import type { TestPostgres } from '../postgres.ts'
import { documentedScopes, giveScopes } from './documented-scopes.ts'
import { addConnection, EMAIL_OPTIONAL } from './tenant-and-api.ts'

/** A demo homeserver and an empty tenant whose time runs fast, for the program as an administrator runs it. */
export interface Auth0Road {
  readonly standIn: StandIn
  readonly folder: string
  readonly runs: string
  readonly flags: readonly string[]
  /** What Synapse knows of who somebody is at the tenant: Matrix ids by subject. */
  linked(): Promise<Readonly<Record<string, string>>>
  /** Has homeserver.yaml send people to the tenant. */
  cutOver(): Promise<void>
  /** A file that only its owner can read, in the folder. */
  secret(name: string, text: string): Promise<string>
  remove(): Promise<void>
}

/** Of the stand-in's clock: its jobs and limits make nobody wait. */
const SPEED = 600

export const makeAuth0Road = async (
  postgres: TestPostgres,
  { name, accounts }: { readonly name: string; readonly accounts: number },
): Promise<Auth0Road> => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-auth0-road-'))
  const secret = async (file: string, text: string): Promise<string> => {
    const path = join(folder, file)
    await writeFile(path, text, { mode: 0o600 })
    return path
  }
  const synapse = await createDemoHomeserver(postgres, name, { accounts, damage: 'none' })
  const { homeserver } = await writeDemoConfigs(folder, { synapse, mas: synapse })
  const standIn = await startStandIn({ plan: 'enterprise-bulk', clock: realClock({ speed: SPEED }) })
  standIn.connection.options = EMAIL_OPTIONAL
  giveScopes(standIn, await documentedScopes('moving people', 'action'))
  addConnection(standIn, 'company', 'oidc')
  addConnection(standIn, 'github', 'github')
  const runs = join(folder, 'runs')
  const content = {
    url: standIn.url,
    client: { id: standIn.client.id, secret_file: await secret('client-secret', standIn.client.secret) },
    connection: standIn.connection.name,
    plan: 'enterprise-bulk',
    pepper: 'disclose',
    identity_providers: {
      'oidc-keycloak': { connection: 'company', strategy: 'oidc' },
      'oidc-github': { connection: 'github', strategy: 'github' },
    },
    application: { id: standIn.client.id, secret_file: 'client-secret' },
    rate: { share: 1 },
  }
  return {
    standIn,
    folder,
    runs,
    flags: [
      '--target=auth0',
      `--target-config=${await secret('auth0.yaml', stringify(content))}`,
      `--synapse-config=${homeserver}`,
      `--runs-dir=${runs}`,
      `--as-of=${new Date(DEMO.now).toISOString()}`,
      '--accept=all-warnings',
      '--accept=SYNAPSE_BACKGROUND_UPDATES',
    ],
    linked: async () => {
      const rows = await postgres.execute(
        name,
        `SELECT external_id, user_id FROM user_external_ids WHERE auth_provider = 'oidc-auth0'`,
      )
      return Object.fromEntries(rows.map(({ external_id: subject, user_id: mxid }) => [String(subject), String(mxid)]))
    },
    cutOver: async () => {
      const before: { readonly oidc_providers: readonly unknown[] } = parse(await readFile(homeserver, 'utf8'))
      const entry = { idp_id: 'auth0', idp_name: 'Auth0', issuer: `${standIn.url}/`, client_id: 'synapse' }
      await writeFile(homeserver, stringify({ ...before, oidc_providers: [...before.oidc_providers, entry] }))
    },
    secret,
    remove: async () => {
      await standIn.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
