import type { LocatedMap } from '../config/yaml/located.ts'
import { type Placed, type Section, sectionOver } from '../config/yaml/section.ts'
import { type Problem, Syn2opError } from '../errors/syn2op-error.ts'
import { readSynapseFiles } from './config-files.ts'
import { readNamedFile } from './named-files.ts'
import { isEnabled, isPresent, isTruthy, valueAt } from './yaml-truth.ts'

/** How Synapse signs people in at one OpenID provider: what somebody else needs to do the same. */
export interface OidcClient {
  /** Where in the configuration, as of the `SynapseProvider` of the same. */
  readonly path: string
  readonly name?: string
  readonly issuer: string
  readonly clientId: string
  /** A secret. Absent: there is none, or it cannot be read here. */
  readonly clientSecret?: string
  /** The file of `client_secret_path` that cannot be read here. */
  readonly secretUnread?: string
  readonly clientAuthMethod: string
  readonly scopes: readonly string[]
  /** Whether Synapse asks the provider itself where its endpoints are. */
  readonly discover: boolean
  readonly endpoints: OidcEndpoints
}

export interface OidcEndpoints {
  readonly authorization?: string
  readonly token?: string
  readonly userinfo?: string
  readonly jwks?: string
  readonly logout?: string
}

/** What else there is to wire a provider to Synapse. */
export interface SynapseClients {
  /** With a slash at its end, as Synapse itself makes it of `server_name` where nobody says it. */
  readonly publicBaseUrl: string
  readonly clients: readonly OidcClient[]
}

const DEFAULT_METHOD = 'client_secret_basic'

const endpoint = (name: keyof OidcEndpoints, value: Placed<string> | undefined): OidcEndpoints =>
  value === undefined ? {} : { [name]: value.value }

const readClient = async (section: Section, value: LocatedMap | undefined): Promise<readonly OidcClient[]> => {
  const issuer = section.text('issuer')?.value
  const clientId = section.text('client_id')?.value
  if (issuer === undefined || clientId === undefined) return []
  const path = section.text('client_secret_path')
  const read = path === undefined ? undefined : await readNamedFile(path, `${section.path}.client_secret_path`)
  const secret = section.text('client_secret')?.value ?? (read !== undefined && 'text' in read ? read.text.trim() : '')
  const scopes = value?.entries.get('scopes')
  const discover = value?.entries.get('discover')
  const name = section.text('idp_name')?.value
  return [
    {
      path: section.path,
      ...(name === undefined ? {} : { name }),
      issuer,
      clientId,
      ...(secret === '' ? {} : { clientSecret: secret }),
      ...(read !== undefined && 'unreadable' in read ? { secretUnread: read.unreadable.file } : {}),
      clientAuthMethod: section.text('client_auth_method')?.value ?? DEFAULT_METHOD,
      scopes:
        scopes?.kind === 'list'
          ? scopes.items.flatMap((item) => (item.kind === 'scalar' ? [String(item.value)] : []))
          : ['openid'],
      discover: discover === undefined || isTruthy(discover),
      endpoints: {
        ...endpoint('authorization', section.text('authorization_endpoint')),
        ...endpoint('token', section.text('token_endpoint')),
        ...endpoint('userinfo', section.text('userinfo_endpoint')),
        ...endpoint('jwks', section.text('jwks_uri')),
      },
    },
  ]
}

/**
 * Reads how Synapse is a client of OpenID providers, secrets among it: for whoever sets up the same elsewhere, and for nobody
 * else. Where `loadHomeserver` finds nothing wrong with the files, neither does this.
 * @throws Syn2opError config.unreadable or config.invalid
 */
export const loadOidcClients = async (paths: readonly string[]): Promise<SynapseClients> => {
  const { root, problems: syntax } = await readSynapseFiles(paths)
  const problems: Problem[] = [...syntax]
  const file = sectionOver(root, '', problems)
  const legacy = valueAt(root, 'oidc_config')
  const listed = valueAt(root, 'oidc_providers')
  const values = listed?.kind === 'list' ? listed.items : []
  const clients = await Promise.all([
    ...(isPresent(legacy) && isEnabled(legacy, 'disabled')
      ? [readClient(file.section('oidc_config'), legacy.kind === 'map' ? legacy : undefined)]
      : []),
    ...(file.sections('oidc_providers') ?? []).map((section, index) => {
      const value = values[index]
      return readClient(section, value?.kind === 'map' ? value : undefined)
    }),
  ])
  const serverName = file.text('server_name')?.value ?? ''
  const publicBaseUrl = file.text('public_baseurl')?.value ?? `https://${serverName}/`
  if (problems.length > 0) {
    throw new Syn2opError('config.invalid', "Synapse's configuration is wrong", { problems })
  }
  return { publicBaseUrl: publicBaseUrl.replace(/\/*$/, '/'), clients: clients.flat() }
}
