import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { newRealm, type TestRealm } from '../keycloak/realm.ts'
import { sharedKeycloak } from '../keycloak/shared-server.ts'
import { ssoReturn } from '../keycloak/sso-login.ts'
import type { InstalledMas } from '../mas/installed-mas.ts'
import { masSettings } from '../mas/mas-settings.ts'
import { doMas, migrateMasSchema, startMas } from '../mas/run-mas.ts'
import { type OidcProvider, startOidcProvider } from '../oidc-provider.ts'
import { testPostgres } from '../postgres.ts'
import { delegatingToMas, homeserverSettings, type SynapseOptions } from '../synapse/configuration.ts'
import { installSynapse } from '../synapse/install.ts'
import { freePort, startSynapse } from '../synapse/start.ts'
import { type Desk, sitDown } from './desk.ts'
import { type Inhabitant, liveHere, SYNAPSE_IDP_ID } from './live-here.ts'

/** Real servers before the move: a Synapse that people have lived at, stopped, and MAS and a realm with nobody in them. */
export interface BeforeTheMove extends Desk {
  readonly realm: TestRealm
  readonly serverName: string
  /** By whom some people log in at Synapse, and are to at Keycloak. */
  readonly provider: OidcProvider
  /** Access tokens that Synapse gave, by localpart. */
  readonly tokens: ReadonlyMap<string, string>
  /** Where MAS is to be, with a slash at its end. */
  readonly masUrl: string
  /** Puts the entry that `keycloak prepare` shows into MAS's configuration, and has MAS read it. */
  nameUpstream(prepared: string): Promise<void>
  /**
   * Has Synapse use MAS, and starts both.
   * @returns their URLs
   */
  cutOver(): Promise<{ readonly mas: string; readonly synapse: string }>
}

export interface BeforeOptions {
  /** Of the databases and the homeserver. */
  readonly name: string
  readonly people: readonly Inhabitant[]
  /** Is told what has to be done in the end, the last first. */
  readonly later: (end: () => Promise<unknown>) => void
}

/** What the how-to gives syn2op's client. */
const ROLES = [
  'manage-realm',
  'manage-users',
  'view-identity-providers',
  'view-clients',
  'manage-clients',
  'manage-identity-providers',
] as const

/** Keycloak's name for the provider that Synapse has. */
const ALIAS = 'company'
const SECRET = 'shared-by-synapse-and-mas'

const PREPARED = z.object({ wirings: z.tuple([z.object({ block: z.string() })]) })
const UPSTREAM = z.object({ upstream_oauth2: z.object({ providers: z.tuple([z.looseObject({ id: z.string() })]) }) })

const secretOf = async ({ admin }: TestRealm, clientId: string): Promise<string> => {
  const [client] = await admin.get(`clients?clientId=${clientId}`, z.array(z.object({ id: z.string() })))
  const { value } = await admin.get(`clients/${client?.id}/client-secret`, z.object({ value: z.string() }))
  return value
}

export const beforeTheMove = async (
  mas: InstalledMas,
  { name, people, later }: BeforeOptions,
): Promise<BeforeTheMove> => {
  const serverName = `${name}.example`
  const keycloak = await sharedKeycloak()
  const installed = await installSynapse('1.163.2')
  const [masPort, synapsePort] = [await freePort(), await freePort()]
  const desk = await sitDown()
  later(desk.leave)
  const realm = await newRealm(keycloak, { roles: ROLES })
  later(realm.remove)
  const callback = `http://127.0.0.1:${synapsePort}/_synapse/client/oidc/callback`
  const provider = await startOidcProvider({ redirectUris: [callback, ssoReturn(realm, ALIAS)] })
  later(provider.stop)

  const database = await testPostgres().createDatabase(`${name}_synapse`, { encoding: 'UTF8' })
  const { pepper = '' } = keycloak
  const options: SynapseOptions = { database, serverName, pepper, oidc: { idpId: SYNAPSE_IDP_ID, provider } }
  const synapse = await startSynapse(installed, { port: synapsePort, ...options })
  const tokens = await liveHere(synapse, people).finally(synapse.stop)
  const place = { folder: desk.folder, port: synapsePort, registrationSecret: 'registrations' }
  await desk.write('homeserver.yaml', stringify(homeserverSettings(options, place)))

  const settings = masSettings(
    {
      database: await testPostgres().createDatabase(`${name}_mas`, { encoding: 'UTF8' }),
      serverName,
      port: masPort,
      synapse: { endpoint: `http://127.0.0.1:${synapsePort}/`, secret: SECRET },
    },
    mas,
  )
  const configFile = await desk.write('config.yaml', stringify(settings))
  await migrateMasSchema(mas, configFile)

  await desk.write('keycloak-secret', realm.client.secret)
  const wanted = {
    url: realm.url,
    realm: realm.name,
    client: { id: realm.client.id, secret_file: 'keycloak-secret' },
    identity_providers: { [`oidc-${SYNAPSE_IDP_ID}`]: ALIAS },
  }
  await desk.write('keycloak.yaml', stringify(wanted))
  return {
    ...desk,
    realm,
    serverName,
    provider,
    tokens,
    masUrl: `http://127.0.0.1:${masPort}/`,
    nameUpstream: async (prepared) => {
      const [{ block }] = PREPARED.parse(JSON.parse(prepared)).wirings
      const [entry] = UPSTREAM.parse(parse(block)).upstream_oauth2.providers
      const secret = await desk.write('client-secret', await secretOf(realm, 'matrix-authentication-service'))
      // MAS insists on https otherwise.
      const shown = { ...entry, client_secret_file: secret, discovery_mode: 'insecure' }
      await desk.write('config.yaml', stringify({ ...settings, upstream_oauth2: { providers: [shown] } }))
      await doMas(mas, configFile, ['config', 'sync'])
    },
    cutOver: async () => {
      const startedMas = await startMas(mas, { configFile, port: masPort, logFile: join(desk.folder, 'mas.log') })
      later(startedMas.stop)
      const after: SynapseOptions = {
        database,
        serverName,
        settings: {
          ...delegatingToMas({ endpoint: startedMas.baseUrl, secret: SECRET }),
          password_config: { enabled: false, pepper },
        },
      }
      await desk.write('homeserver.yaml', stringify(homeserverSettings(after, place)))
      const delegating = await startSynapse(installed, { port: synapsePort, ...after })
      later(delegating.stop)
      return { mas: startedMas.baseUrl, synapse: delegating.baseUrl }
    },
  }
}
