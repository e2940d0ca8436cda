import { EXIT } from '../../errors/exit-codes.ts'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { ConflictRules } from '../../mapping/mapping.ts'
import type { Clock } from '../http/clock.ts'
import type { Target } from '../target.ts'
import { importRow } from './accounts/import-row.ts'
import { takesUsername } from './accounts/username.ts'
import { openManagementApi } from './api/management-api.ts'
import { applyChanges } from './apply/apply-changes.ts'
import { checkAuth0 } from './check/check-auth0.ts'
import { atItsWidest } from './check/connection-rules.ts'
import type { Auth0Config } from './config/auth0-config.ts'
import { USUAL_BYTES } from './forecast/forecast-table.ts'
import { foretell } from './forecast/foretell.ts'
import { awaitImports } from './jobs/await-imports.ts'
import { locationOf, TARGET_NAME } from './location.ts'
import { openCanaryLogins } from './login/canary-logins.ts'
import { openTenant } from './open-tenant.ts'
import { type Auth0Changes, planBatch } from './plan/plan-batch.ts'
import { seeUser } from './plan/see-users.ts'
import { openRollback } from './rollback/roll-back.ts'
import { rollbackPace } from './rollback/rollback-pace.ts'

export interface Auth0TargetOptions {
  readonly config: Auth0Config
  /** Of the homeserver whose people move. */
  readonly serverName: string
  readonly conflicts: ConflictRules
  /** Synapse's pepper; a secret. */
  readonly pepper: string | undefined
  /** Where it keeps who is at Auth0 while it works, if there is such a folder; else where the system keeps temporary files. */
  readonly folder?: string
  /** By which it waits; absent: this machine's. */
  readonly clock?: Clock
  readonly signal: AbortSignal
}

/** What is read of the source at once: enough to fill four files of an import, so that two jobs have work. */
const BATCH_SIZE = 2000

/** So long it is tried, when the target is opened, to read what the connection takes. */
const OPENING_MS = 10_000

/** A database connection of an Auth0 tenant, through its Management API. */
export const openAuth0 = async (options: Auth0TargetOptions): Promise<Target<Auth0Changes>> => {
  const { config, serverName, conflicts, pepper, folder, clock, signal } = options
  requireNoAdoption(conflicts)
  const api = openManagementApi(config, {
    ...(clock === undefined ? {} : { clock }),
    secrets: pepper === undefined ? [] : [pepper],
  })
  const tenant = openTenant(api, {
    config,
    serverName,
    conflicts,
    pepper,
    ...(folder === undefined ? {} : { folder }),
  })
  const logins = openCanaryLogins(api, config, async (id, stop) => (await seeUser(tenant, { id }, stop)).present)
  let isClosed = false
  const sizes = { rows: 0, bytes: 0 }
  const weigh = ({ planned }: Auth0Changes): void => {
    for (const { requests } of planned) {
      if (requests.kind !== 'create') continue
      sizes.rows++
      sizes.bytes += Buffer.byteLength(
        JSON.stringify(importRow(requests.wanted, { serverName, runId: '' }, tenant.secrets)),
      )
    }
  }
  // Usernames are asked about before anything is planned.
  const unread = await tenant.about(AbortSignal.any([signal, AbortSignal.timeout(OPENING_MS)])).then(
    () => undefined,
    (error: unknown) => whyUnread(config, error),
  )

  return {
    name: TARGET_NAME,
    batchSize: BATCH_SIZE,
    providers: config.providers.map((provider) => ({ ...provider, called: provider.id })),
    shut: {
      resets: 'by e-mail',
      passwords: config.passwords === 'leave',
      providers: config.providers.filter(({ link }) => link === 'leave').map(({ id }) => id),
    },
    leaves: {
      session: 'stays_in_synapse',
      access_token: 'stays_in_synapse',
      refresh_token: 'stays_in_synapse',
      ...(config.passwords === 'leave' ? { password: 'stays_in_synapse' } : {}),
    },
    issuers: async () => [`${config.url}/`],
    follows: { usernames: true, primaryEmail: true, attributes: true },
    rowRules: rowRules(config),
    unseen: ['password'],

    async describe() {
      return {
        product: 'Auth0',
        version: `plan ${config.plan}`,
        location: locationOf(config),
        schema: 'none',
        postgres: 'none',
      }
    },

    async identity() {
      return [(await tenant.about(signal)).id, `${config.url} ${config.connection}`]
    },

    check: (check) => checkAuth0({ api, config, pepper, check, signal }),

    // Auth0 keeps usernames and addresses in small letters.
    fold: async (texts) => texts.map((text) => text.toLowerCase()),

    // Whose name is too long for this connection alone is a finding, which can be mended.
    takesUsername(username) {
      const rules = tenant.knownRules()
      if (rules !== undefined) return takesUsername(username, { ...rules, takes: atItsWidest(rules.takes) })
      if (unread !== undefined) throw unread
      return true
    },

    async plan(batch, { signal: stop, depth = 'thorough', proof, last, looked }) {
      const changes = await planBatch(tenant, batch, {
        signal: stop,
        depth: proof === true ? 'proof' : depth,
        ...(last === undefined ? {} : { last }),
        ...(looked === undefined ? {} : { looked }),
      })
      if (depth === 'thorough') weigh(changes)
      return changes
    },

    apply: (changes, run) => applyChanges(tenant, changes, run),

    async awaitEarlier(earlier) {
      if (earlier.atWork !== undefined) tenant.jobsAtWork.tellTo(earlier.atWork)
      earlier.atEnd?.(() => tenant.scim.close())
      await tenant.scim.keepIn(earlier.notes)
      await tenant.gone.know(earlier)
      const haveMadePeople = await awaitImports(tenant, earlier)
      if (haveMadePeople) tenant.census.outdated()
    },

    foretell: (planned) =>
      foretell(planned, { config, bytesPerAccount: sizes.rows === 0 ? USUAL_BYTES : sizes.bytes / sizes.rows }),

    rollback: openRollback(tenant),

    rollbackPace: rollbackPace(config),

    login: (canary, stop) => logins.login(canary, stop),

    async close() {
      if (isClosed) return
      isClosed = true
      try {
        await tenant.close()
      } finally {
        logins.close()
        await api.close()
      }
    },
  }
}

/** Why nobody knows what the connection takes; undefined where the check says so. */
const whyUnread = ({ url }: Auth0Config, error: unknown): Error | undefined => {
  if (error instanceof Syn2opError) return error.exitCode === EXIT.unavailable ? error : undefined
  if (error instanceof Error && error.name !== 'TimeoutError') return error
  return new Syn2opError(
    'server.unreachable',
    `Auth0 at ${url} has not said within ${OPENING_MS / 1000} seconds what its connection takes`,
    { next: ["See Auth0's page of its status, then try again."], cause: error },
  )
}

/** What decides how users are written, beside the providers. */
const rowRules = ({ connection, passwords, pepper, usernames, email, providers }: Auth0Config): readonly string[] => [
  `users of the connection ${connection}`,
  passwords === 'leave' ? 'no passwords' : `passwords, the pepper ${pepper === 'disclose' ? 'with them' : 'withheld'}`,
  `usernames with letters that Auth0 does not take: ${usernames.unfit}`,
  `people without an e-mail address: ${email.without}`,
  ...providers.map(({ id, link }) => `identities of ${id}: ${link}`),
]

/** @throws Syn2opError mapping.invalid: whose account at Auth0 it is, no username says. */
const requireNoAdoption = ({ username }: ConflictRules): void => {
  if (username !== 'adopt') return
  throw new Syn2opError('mapping.invalid', 'The mapping adopts accounts of the same name, which is not done at Auth0', {
    next: ['Write `conflicts: {username: hold_back}` into the mapping.'],
  })
}
