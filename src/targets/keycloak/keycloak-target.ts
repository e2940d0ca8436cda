import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { ConflictRules } from '../../mapping/mapping.ts'
import { keepRunNames } from '../slow-road/run-names.ts'
import { keepUnreported } from '../slow-road/unreported.ts'
import type { Target } from '../target.ts'
import { type AboutRealm, aboutRealm } from './about-realm.ts'
import { refusalOf } from './accounts/wanted-user.ts'
import { openAdaptiveLimit } from './api/adaptive-limit.ts'
import { openAdminApi } from './api/admin-api.ts'
import { applyChanges } from './apply/apply-changes.ts'
import { keepStatistics } from './apply/keep-statistics.ts'
import { checkKeycloak } from './check/check-keycloak.ts'
import type { KeycloakConfig } from './config/keycloak-config.ts'
import { issuerOf } from './issuer.ts'
import { openCanaryLogins } from './login/canary.ts'
import { keepCensus } from './plan/census.ts'
import { knownNames } from './plan/known-names.ts'
import { type KeycloakChanges, planBatch } from './plan/plan-batch.ts'
import { refreshStatistics } from './prepare/statistics.ts'
import type { KeycloakRealm } from './realm.ts'
import { ROLLBACK_PACE, rollBack } from './rollback/roll-back.ts'
import { serverVersion } from './server-version.ts'
import { countUpgraded } from './upgraded/count-upgraded.ts'

export interface KeycloakTargetOptions {
  readonly config: KeycloakConfig
  /** Of the homeserver whose people move. */
  readonly serverName: string
  readonly conflicts: ConflictRules
  /** Synapse's pepper; a secret. */
  readonly pepper: string | undefined
  /** Names of the attributes that the mapping makes; absent: none. */
  readonly attributes?: readonly string[]
  readonly signal: AbortSignal
}

/** What is read from the source at once: as many ids as Keycloak finds in one request. */
const BATCH_SIZE = 300

/** A realm of a Keycloak, through its Admin API. */
export const openKeycloak = async ({
  config,
  serverName,
  conflicts,
  pepper,
  attributes = [],
  signal,
}: KeycloakTargetOptions): Promise<Target<KeycloakChanges>> => {
  requireNoAdoption(conflicts)
  const api = openAdminApi(config)
  const logins = openCanaryLogins(api, config)
  const [writing, reading] = [openAdaptiveLimit(), openAdaptiveLimit()]
  let about: Promise<AboutRealm> | undefined
  const census = keepCensus({ api, serverName, aliases: config.providers.map(({ id }) => id) })
  const realm: KeycloakRealm = {
    config,
    serverName,
    conflicts,
    api,
    about(stop) {
      about ??= aboutRealm(api, stop).catch((error: unknown) => {
        about = undefined
        throw error
      })
      return about
    },
    writing: writing.run,
    reading: (request) => reading.run(request),
    census,
    names: knownNames(api),
    runNames: { quick: keepRunNames(), thorough: keepRunNames() },
    unreported: keepUnreported(),
    statistics: keepStatistics(
      async () => (await census.first(signal)).all,
      async () => {
        if (config.database !== undefined) await refreshStatistics(config, signal)
      },
    ),
  }
  const location = `${config.url}/realms/${config.realm}`

  return {
    name: 'keycloak',
    batchSize: BATCH_SIZE,
    providers: config.providers,
    leaves: {
      session: 'stays_in_synapse',
      access_token: 'stays_in_synapse',
      refresh_token: 'stays_in_synapse',
    },
    identities: 'one per provider',
    issuers: async ({ signal: stop }) => [await issuerOf(config, stop), location],
    follows: { usernames: true, primaryEmail: true, attributes: true },
    rowRules: rowRules(config),

    async describe() {
      const version = await serverVersion(api, signal)
      return {
        product: 'Keycloak',
        version: version ?? 'a version that the client may not see',
        location,
        schema: 'none',
        postgres: 'none',
      }
    },

    async identity() {
      return [(await realm.about(signal)).id, location]
    },

    check: (check) => checkKeycloak({ api, config, pepper, mapped: attributes, conflicts, check, signal }),

    // Java's toLowerCase, by which Keycloak keeps names and addresses, does the same.
    fold: async (texts) => texts.map((text) => text.toLowerCase()),

    takesUsername: (username) => refusalOf(username.toLowerCase()) === undefined,

    plan: (batch, { signal: stop, depth = 'thorough', last }) =>
      planBatch(realm, batch, { signal: stop, depth, ...(last === undefined ? {} : { last }) }),

    apply: (changes, run) => applyChanges(realm, changes, run),

    rollback: (run, stop) => rollBack(realm, run, stop),

    rollbackPace: ROLLBACK_PACE,

    upgraded: (look) => countUpgraded({ api, serverName, ...look }),

    login: (canary, stop) => logins.login(canary, stop),

    async close() {
      try {
        await logins.close()
      } finally {
        await api.close()
      }
    },
  }
}

/** What decides how users are written, beside the providers. */
const rowRules = ({ roles, groups, admins, requiredActions, attributes }: KeycloakConfig): readonly string[] => {
  const list = (what: string, names: readonly string[]): readonly string[] =>
    names.length === 0 ? [] : [`${what} ${names.join(', ')}`]
  return [
    `other e-mail addresses in the attribute ${attributes.emails}, phones in ${attributes.phones}`,
    ...list('realm roles for everybody:', roles),
    ...list('groups for everybody:', groups),
    ...list('realm roles for administrators:', admins.roles),
    ...list('groups for administrators:', admins.groups),
    ...list('required actions:', requiredActions),
  ]
}

/** @throws Syn2opError mapping.invalid: whose account at Keycloak it is, no username says. */
const requireNoAdoption = ({ username }: ConflictRules): void => {
  if (username !== 'adopt') return
  throw new Syn2opError(
    'mapping.invalid',
    'The mapping adopts accounts of the same name, which is not done at Keycloak',
    {
      next: ['Write `conflicts: {username: hold_back}` into the mapping.'],
    },
  )
}
