import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { writeDemoConfigs } from '../../../src/rehearsal/demo/configs.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import { declareAttributes } from './profile.ts'
import { newRealm, type TestIdentityProvider, type TestRealm } from './realm.ts'
import type { KeycloakAddress } from './server.ts'

/** Keycloak's identity providers for those of the demo, by the name that Synapse has for them. */
const ALIASES = { 'oidc-keycloak': 'company', 'oidc-github': 'github', oidc: 'first' } as const

/** What the mapping for Keycloak calls attributes. */
const ATTRIBUTES = ['matrix_user_id', 'displayname']

export interface DemoRealmOptions {
  /** For the configurations and the folder of the runs; made where it is missing. */
  readonly folder: string
  /** Database of the demo homeserver. */
  readonly synapse: PostgresSettings
  /** URL of Keycloak's own database, whose statistics syn2op may refresh. */
  readonly databaseUrl?: string
}

/** A realm into which the people of a demo homeserver can move, for the program as an administrator runs it. */
export interface DemoRealm {
  readonly realm: TestRealm
  /** The folder of the runs. */
  readonly runs: string
  /** Flags that name source and target, and accept what every demo has. */
  readonly flags: readonly string[]
  /** The flag that decides by the time at which the homeserver was made; a resumed run has it already. */
  readonly asOf: string
}

/** The homeserver knows the pepper that Keycloak was given. */
const writeHomeserver = async (keycloak: KeycloakAddress, { folder, synapse }: DemoRealmOptions): Promise<string> => {
  const { homeserver } = await writeDemoConfigs(folder, { synapse, mas: synapse })
  const written: unknown = parse(await readFile(homeserver, 'utf8'))
  const pepper = keycloak.pepper === undefined ? {} : { pepper: keycloak.pepper }
  await writeFile(homeserver, stringify({ ...Object(written), password_config: { enabled: true, ...pepper } }))
  return homeserver
}

const writeKeycloak = async (realm: TestRealm, { folder, databaseUrl }: DemoRealmOptions): Promise<string> => {
  const file = join(folder, 'keycloak.yaml')
  const content = {
    url: realm.url,
    realm: realm.name,
    client: realm.client,
    identity_providers: ALIASES,
    ...(databaseUrl === undefined ? {} : { database: { uri: databaseUrl } }),
  }
  await writeFile(file, stringify(content), { mode: 0o600 })
  return file
}

const WITH_PROVIDERS = z.object({
  oidc_providers: z.array(z.object({ idp_id: z.string().default('oidc'), issuer: z.string(), client_id: z.string() })),
})

/** Those to which homeserver.yaml leads, as the same client; one that it does not have leads nowhere. */
const providersOf = async (homeserver: string): Promise<readonly (string | TestIdentityProvider)[]> => {
  const { oidc_providers: known } = WITH_PROVIDERS.parse(parse(await readFile(homeserver, 'utf8')))
  return Object.entries(ALIASES).map(([authProvider, alias]) => {
    const one = known.find(({ idp_id: id }) => authProvider === (id === 'oidc' ? id : `oidc-${id}`))
    return one === undefined ? alias : { alias, issuer: one.issuer, clientId: one.client_id }
  })
}

/** Makes the realm and the configurations. The caller removes realm and folder. */
export const makeDemoRealm = async (keycloak: KeycloakAddress, options: DemoRealmOptions): Promise<DemoRealm> => {
  const runs = join(options.folder, 'runs')
  await mkdir(runs, { recursive: true })
  const homeserver = await writeHomeserver(keycloak, options)
  const realm = await newRealm(keycloak, { profile: 'relaxed', identityProviders: await providersOf(homeserver) })
  await declareAttributes(realm, ATTRIBUTES)
  return {
    realm,
    runs,
    flags: [
      '--target=keycloak',
      `--target-config=${await writeKeycloak(realm, options)}`,
      `--synapse-config=${homeserver}`,
      `--runs-dir=${runs}`,
      '--accept=all-warnings',
      '--accept=SYNAPSE_BACKGROUND_UPDATES',
    ],
    asOf: `--as-of=${new Date(DEMO.now).toISOString()}`,
  }
}
