import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted, numbered } from '../../../report/counted.ts'
import { grantLine } from '../api/purposes.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import { versionTold } from '../server-version.ts'
import type { KeycloakSeen, ServerInfo } from './seen.ts'

/** The oldest and the newest that the tests were run with, as major and minor. */
const OLDEST = [26, 4] as const
const NEWEST = [26, 7] as const

const isBefore = (version: readonly number[], other: readonly number[]): boolean => {
  const [major = 0, minor = 0] = version
  const [otherMajor = 0, otherMinor = 0] = other
  return major === otherMajor ? minor < otherMinor : major < otherMajor
}

const versionFindings = (version: string): readonly Finding[] => {
  const parts = version.split('.').map((part) => Number.parseInt(part, 10))
  if (isBefore(parts, OLDEST)) {
    return [
      finding('KEYCLOAK_TOO_OLD', {
        message: `This is Keycloak ${version}; syn2op needs ${OLDEST.join('.')} or later.`,
        samples: [version],
        remedy: [`Upgrade Keycloak to ${NEWEST.join('.')}.`],
      }),
    ]
  }
  if (!isBefore(NEWEST, parts)) return []
  return [
    finding('KEYCLOAK_NEWER', {
      message: `This is Keycloak ${version}; syn2op was tried with ${OLDEST.join('.')} to ${NEWEST.join('.')}.`,
      samples: [version],
      remedy: ['Move a few people first: syn2op migrate --limit 10', 'Then look at them: syn2op verify'],
    }),
  ]
}

/** What is said of a version that is not told: nothing where a missing role is the reason. */
export const checkServer = (
  server: ServerInfo | undefined,
  { missingRoles }: Pick<KeycloakSeen, 'missingRoles'>,
): readonly Finding[] => {
  const version = server === undefined ? undefined : versionTold(server)
  if (version !== undefined) return versionFindings(version)
  if (missingRoles.includes('manage-realm')) return []
  return [
    finding('KEYCLOAK_VERSION_UNKNOWN', {
      message:
        server === undefined ? 'Keycloak’s server information cannot be read.' : 'Keycloak does not say its version.',
      remedy:
        server === undefined
          ? ['Let requests for /admin/serverinfo through, as the proxy before Keycloak may not, or accept this.']
          : ['The password provider that comes with this syn2op tells it: syn2op keycloak provider --out FOLDER'],
    }),
  ]
}

/** Which roles the client has to be given, each by its line. */
export const checkRoles = ({ missingRoles }: KeycloakSeen, config: KeycloakConfig): readonly Finding[] => {
  if (missingRoles.length === 0) return []
  const noun = missingRoles.length === 1 ? 'the role' : 'the roles'
  return [
    finding('KEYCLOAK_ROLES_MISSING', {
      message: `The client ${config.client.id} lacks ${noun} ${missingRoles.join(', ')}.`,
      count: missingRoles.length,
      samples: missingRoles,
      remedy: missingRoles.map((role) => grantLine(config, role)),
    }),
  ]
}

const LOOPBACK = /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/u

/** Whether what is sent could be listened to. */
export const checkAddress = ({ url }: Pick<KeycloakConfig, 'url'>): readonly Finding[] => {
  const address = new URL(url)
  const { protocol, hostname } = address
  if (protocol !== 'http:' || LOOPBACK.test(hostname)) return []
  address.protocol = 'https:'
  return [
    finding('KEYCLOAK_PLAIN_HTTP', {
      message: `Keycloak is asked at ${url}, without TLS.`,
      samples: [url],
      remedy: [
        `url: ${address.href.replace(/\/$/u, '')} (or the port that has TLS)`,
        'Or run syn2op on the machine of Keycloak, with `url: http://127.0.0.1:8080`.',
      ],
    }),
  ]
}

/** Below so many rows nobody notices what the planner thinks. */
const FEW_ROWS = 1000

export const checkStatistics = ({ statistics }: KeycloakSeen): readonly Finding[] => {
  if (statistics === 'no users') {
    return [
      finding('KEYCLOAK_DATABASE_OTHER', {
        message: 'The database that keycloak.yaml names has no table `user_entity` where the role looks for it.',
        remedy: [
          'Name the database of Keycloak under `database`, or leave the key out.',
          'Where Keycloak has a schema of its own: ALTER ROLE "<the role>" SET search_path = <the schema>;',
        ],
      }),
    ]
  }
  if (statistics === undefined || statistics.rows < FEW_ROWS || statistics.estimate * 2 >= statistics.rows) return []
  return [
    finding('KEYCLOAK_STATISTICS_OLD', {
      message: `Keycloak’s database has ${counted(statistics.rows, 'user', 'users')}, and PostgreSQL plans for ${numbered(Math.round(statistics.estimate))}.`,
      count: statistics.rows,
      remedy: [
        'In the database of Keycloak:',
        'ANALYZE user_entity, credential, user_attribute, federated_identity, user_role_mapping;',
      ],
    }),
  ]
}
