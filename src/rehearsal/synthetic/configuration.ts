import { mkdir } from 'node:fs/promises'
import type { PostgresSettings } from '../../postgres/settings.ts'
import { DEMO } from '../demo/constants.ts'
import { synapseDatabase } from '../synapse-database.ts'
import { writeSecret } from '../write-secret.ts'
import type { SyntheticBridge, SyntheticHomeserver, SyntheticProvider } from './people.ts'
import { providersOf } from './providers.ts'

type Yaml = Readonly<Record<string, unknown>>

/** The bridge whose ghosts other people bring along. */
const demoBridge = (serverName: string): SyntheticBridge => ({
  id: DEMO.appserviceId,
  users: [`@_irc_.*:${RegExp.escape(serverName)}`],
  sender: '_irc_bot',
})

const bridgesOf = ({ bridges, people, accounts = 0, serverName }: SyntheticHomeserver): readonly SyntheticBridge[] => {
  const given = bridges?.map((each) => (typeof each === 'string' ? { id: each } : each))
  const named = [...new Set(people.flatMap((one) => ('bridge' in one ? [one.bridge] : [])))].map((id) => ({ id }))
  const own: readonly SyntheticBridge[] = given ?? named
  const isDemos = accounts > 0 && own.every(({ id }) => id !== DEMO.appserviceId)
  return isDemos ? [...own, demoBridge(serverName)] : own
}

const registration = ({ id, users = [], sender = id }: SyntheticBridge): Yaml => ({
  'id': id,
  'url': null,
  'sender_localpart': sender,
  'io.element.msc4190': true,
  'namespaces': { users: users.map((regex) => ({ regex, exclusive: true })) },
})

const oidc = ({ name, issuer }: SyntheticProvider): Yaml => ({
  ...(name === 'oidc' ? {} : { idp_id: name.slice('oidc-'.length) }),
  idp_name: name,
  issuer: issuer ?? `https://${name}.invalid/`,
  client_id: 'syn2op-rehearsal',
  client_auth_method: 'none',
  scopes: ['openid'],
  user_mapping_provider: { config: { localpart_template: '{{ user.preferred_username }}' } },
})

const providerSections = (providers: readonly SyntheticProvider[]): Yaml => {
  const present = providers.filter(({ removed }) => removed !== true)
  const has = (name: string): boolean => present.some((each) => each.name === name)
  const ofOpenId = present.filter(({ name }) => name.startsWith('oidc'))
  return {
    ...(ofOpenId.length === 0 ? {} : { oidc_providers: ofOpenId.map(oidc) }),
    ...(has('saml') ? { saml2_config: { sp_config: { metadata: { local: ['idp.xml'] } } } } : {}),
    ...(has('cas') ? { cas_config: { enabled: true, server_url: 'https://cas.invalid/' } } : {}),
  }
}

/** Switched on where somebody's row depends on it: without, Synapse does not look at the row. */
const whereNeeded = ({ people, accounts = 0 }: SyntheticHomeserver): Yaml => {
  const some = (name: 'expired' | 'unapproved'): boolean =>
    accounts > 0 || people.some((one) => new Map(Object.entries(one)).get(name) === true)
  return {
    ...(some('expired') ? { account_validity: { enabled: true, period: '6w' } } : {}),
    ...(some('unapproved')
      ? { experimental_features: { msc3866: { enabled: true, require_approval_for_new_accounts: true } } }
      : {}),
  }
}

/**
 * Writes homeserver.yaml and the registrations of its application services.
 * @param folder made where it is missing
 * @returns the path of homeserver.yaml
 */
export const writeHomeserver = async (
  folder: string,
  homeserver: SyntheticHomeserver,
  database: PostgresSettings,
): Promise<string> => {
  const { stringify } = await import('yaml')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const registrations: string[] = []
  for (const [index, bridge] of bridgesOf(homeserver).entries()) {
    registrations.push(await writeSecret(folder, `bridge-${index}.yaml`, stringify(registration(bridge))))
  }
  const { serverName, pepper, settings } = homeserver
  const yaml = {
    report_stats: false,
    password_config: { enabled: true, ...(pepper === undefined ? {} : { pepper }) },
    enable_registration: false,
    ...whereNeeded(homeserver),
    ...providerSections(providersOf(homeserver)),
    ...settings,
    server_name: serverName,
    database: synapseDatabase(database),
    ...(registrations.length === 0 ? {} : { app_service_config_files: registrations }),
  }
  return writeSecret(folder, 'homeserver.yaml', stringify(yaml))
}
