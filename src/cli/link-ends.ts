import type { Settings } from '../config/settings.ts'
import { fileOfTarget } from '../config/value-kinds.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { LinkRequest } from '../link/link.ts'
import type { LoginsAt } from '../link/link-findings.ts'
import type { LinkPlace } from '../link/link-place.ts'
import { auth0Tenant } from './auth0-tenant.ts'
import { homeserverOf, overridden } from './migration-request.ts'
import { targetNamed } from './targets.ts'

/** What of the settings says where links are written, and of whom. */
export interface LinkEnds extends Pick<LinkRequest, 'subjectsThere'> {
  readonly place: LinkPlace
  readonly logins: LoginsAt
  /** By which applications and browsers know the realm, or the tenant. */
  readonly issuer: string
  readonly subjectOf: (mxid: string) => string
  /** The settings, with that alone as the target. */
  readonly settings: Settings
}

type People = Pick<LinkEnds, 'logins' | 'issuer' | 'subjectOf' | 'subjectsThere'>

/** Keycloak, unless Auth0 is named. @throws Syn2opError usage, config.invalid or config.unreadable */
export const linkEnds = async (settings: Settings, to: LinkPlace['to'], signal: AbortSignal): Promise<LinkEnds> => {
  const name = settings['target.name']
  const names = name === undefined || name.origin === 'default' ? ['keycloak'] : name.value
  const target = ['keycloak', 'auth0'].find((one) => names.includes(one))
  if (target === undefined) throw noLogins(names.join(', '))
  const people = await (target === 'auth0' ? auth0People(settings) : keycloakPeople(settings, signal))
  return {
    place: await linkPlace(settings, to),
    ...people,
    settings: { ...settings, 'target.name': { value: [target], origin: name?.origin ?? 'default' } },
  }
}

const keycloakPeople = async (settings: Settings, signal: AbortSignal): Promise<People> => {
  const { loadKeycloakConfig } = await import('../targets/keycloak/config/load-keycloak-config.ts')
  const { userIdOf } = await import('../targets/keycloak/accounts/user-id.ts')
  const files = targetNamed(settings, 'keycloak').config?.value
  if (files === undefined)
    throw noConfig('--target-config', 'the file that says how Keycloak is reached, keycloak.yaml,')
  const { issuerOf } = await import('../targets/keycloak/issuer.ts')
  const config = await loadKeycloakConfig(files, await overridden(settings['target.database']))
  return {
    logins: { product: 'Keycloak', target: 'keycloak' },
    issuer: await issuerOf(config, signal),
    subjectOf: (mxid) => userIdOf(config.realm, mxid),
  }
}

const auth0People = async (settings: Settings): Promise<People> => {
  const { userIdOf } = await import('../targets/auth0/accounts/user-id.ts')
  const config = await auth0Tenant(settings)
  return {
    logins: { product: 'Auth0', target: 'auth0' },
    issuer: `${config.url}/`,
    subjectOf: (mxid) => userIdOf(config.connection, mxid),
    async subjectsThere(mxids, signal) {
      const { openManagementApi } = await import('../targets/auth0/api/management-api.ts')
      const { loginSubjects } = await import('../targets/auth0/links/login-subjects.ts')
      const api = openManagementApi(config)
      try {
        return await loginSubjects({ api, config }, mxids, signal)
      } finally {
        await api.close()
      }
    },
  }
}

/** Where links are written. */
export const linkPlace = async (settings: Settings, to: LinkPlace['to']): Promise<LinkPlace> => {
  const { databaseUrl } = await overridden(settings['link.database'])
  if (to === 'mas') {
    const { loadMasConfig } = await import('../targets/mas/config/load-mas-config.ts')
    const { masPlace } = await import('../link/mas-place.ts')
    const files = settings['link.config']?.value ?? masBeside(settings)
    if (files.length === 0) throw noConfig('--link-config', 'config.yaml of your MAS')
    const config = await loadMasConfig(files, databaseUrl === undefined ? {} : { databaseUrl })
    return masPlace(config, config.database)
  }
  const { synapsePlace } = await import('../link/synapse-place.ts')
  const homeserver = await homeserverOf(settings)
  const database = databaseUrl ?? homeserver.database
  if (database !== undefined) return synapsePlace(homeserver, database)
  throw new Syn2opError(
    'config.unsupported',
    'Links are written to PostgreSQL, and homeserver.yaml names no such database',
    {
      next: ['Name it: --link-database postgresql://user@host/database', 'Or link in MAS: --to mas'],
    },
  )
}

/** Where Keycloak and MAS are filled together, people of the one are linked in the other. */
const masBeside = (settings: Settings): readonly string[] =>
  (settings['target.config']?.value ?? [])
    .map(fileOfTarget)
    .flatMap(({ target, file }) => (target === 'mas' ? [file] : []))

const noConfig = (flag: string, what: string): Syn2opError =>
  new Syn2opError('usage', `Nobody says where ${what} is`, {
    next: [`Give it with \`${flag} FILE\`, or in syn2op.yaml.`],
  })

const noLogins = (name: string): Syn2opError =>
  new Syn2opError('usage', `Links lead to people of Keycloak or Auth0, and the target is ${name}`, {
    next: [
      'Name where people log in: --target keycloak --target-config keycloak.yaml, or auth0 with its auth0.yaml',
      'The MAS of the links is named by --link-config.',
    ],
  })
