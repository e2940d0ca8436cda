import fc from 'fast-check'
import { sql } from 'kysely'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountDigests } from '../../../src/accounts/decisions/account-digests.ts'
import { decisions } from '../../../src/accounts/decisions/decisions.ts'
import { predictedRows } from '../../../src/accounts/decisions/predicted-rows.ts'
import type { DecisionRules, LeftRelations } from '../../../src/accounts/decisions/rules.ts'
import { readAccounts } from '../../../src/accounts/read-accounts.ts'
import { RELATIONS, type Relation } from '../../../src/accounts/relations.ts'
import { run } from '../../../src/postgres/statement.ts'
import { NEWEST_SYNAPSE } from '../../../src/rehearsal/demo/catalogue.ts'
import { synapseDdl } from '../../../src/rehearsal/demo/ddl.ts'
import { catalogueQuery, toSourceCatalogue } from '../../../src/synapse/catalogue.ts'
import { buildRelations, type Relations } from '../../../src/synapse/relations.ts'
import { ALL_CASES, SEED } from '../../support/generated/cases.ts'
import { homeserver } from '../../support/generated/homeserver.ts'
import { loadHomeserver } from '../../support/generated/load.ts'
import { AS_OF } from '../../support/generated/values.ts'
import { testPostgres } from '../../support/postgres.ts'

const DATABASE = 'leaves_synapse'
const CASES = ALL_CASES ? 120 : 30
const STAYS: LeftRelations = {
  session: 'stays_in_synapse',
  access_token: 'stays_in_synapse',
  refresh_token: 'stays_in_synapse',
}
const MOVES: LeftRelations = { password: 'moves_to_other_target', external_id: 'moves_to_other_target' }

/** Of these nothing changes where Synapse keeps the devices. */
const SYNAPSE_DECIDES: ReadonlySet<string> = new Set(['login stops', 'token stops', 'account opens', 'account closes'])

let client: pg.Client
let relations: Relations

beforeAll(async () => {
  await testPostgres().createDatabase(DATABASE, { encoding: 'UTF8' })
  await testPostgres().execute(DATABASE, ...synapseDdl(NEWEST_SYNAPSE))
  client = await testPostgres().superuser(DATABASE)
  relations = buildRelations(toSourceCatalogue(await run(client, catalogueQuery)))
})
afterAll(() => client?.end())

const RULES: DecisionRules = {
  serverName: 'example.org',
  asOf: AS_OF,
  accounts: { guests: 'migrate', deactivated: 'migrate', locked: 'migrate', withoutLogin: 'migrate' },
  ghosts: [],
  providers: [{ authProvider: 'oidc', target: { id: 'google' } }],
}

type Decided = readonly { readonly row: string; readonly reason: string | null }[]

const decidedUnder = async (rules: DecisionRules): Promise<ReadonlyMap<Relation, Decided>> => {
  const all = new Map<Relation, Decided>()
  for (const relation of RELATIONS) {
    const rows = sql<Decided[number]>`
      WITH ${decisions(relations, rules)}
      SELECT (to_jsonb(r) - 'reason')::text AS row, reason FROM ${sql.id(relation)} r ORDER BY 1, 2`
    all.set(relation, await run(client, rows))
  }
  return all
}

/** Whatever its owner decides comes first. */
const ofOwner = ({ reason }: Pick<Decided[number], 'reason'>): boolean =>
  reason === 'orphan' || reason === 'account_held_back'

const leftUnder = (before: ReadonlyMap<Relation, Decided>, leaves: LeftRelations): ReadonlyMap<Relation, Decided> =>
  new Map(
    [...before].map(([relation, rows]) => {
      const reason = relation === 'account' ? undefined : leaves[relation]
      return [
        relation,
        reason === undefined ? rows : rows.map((row) => ({ ...row, reason: ofOwner(row) ? row.reason : reason })),
      ]
    }),
  )

describe('a target that takes nothing of some relations', () => {
  test.each([
    ['devices and tokens', STAYS],
    ['passwords and SSO identities', MOVES],
  ])('leaves of %s whatever a live account has, with its reason, and all else as it is', async (_, leaves) => {
    await fc.assert(
      fc.asyncProperty(homeserver, async (source) => {
        await loadHomeserver(client, source)
        const before = await decidedUnder(RULES)
        const after = await decidedUnder({ ...RULES, leaves })
        expect(after).toEqual(leftUnder(before, leaves))
      }),
      { numRuns: CASES, seed: SEED },
    )
  })

  test('is given accounts without what it takes nothing of', async () => {
    await fc.assert(
      fc.asyncProperty(homeserver, async (source) => {
        await loadHomeserver(client, source)
        const all = await readAccounts(client, decisions(relations, RULES))
        const without = { sessions: [], accessTokens: [], refreshTokens: [] }
        const stays = await readAccounts(client, decisions(relations, { ...RULES, leaves: STAYS }), STAYS)
        expect(stays).toEqual(all.map((account) => ({ ...account, ...without })))
        const moves = await readAccounts(client, decisions(relations, { ...RULES, leaves: MOVES }), MOVES)
        expect(moves).toEqual(all.map((account) => ({ ...account, passwordHash: undefined, identities: [] })))
      }),
      { numRuns: CASES, seed: SEED },
    )
  })

  test('is not told of accounts anew when only their devices change, and nobody is told that logins stop, or that accounts open or close', async () => {
    await fc.assert(
      fc.asyncProperty(homeserver, async (source) => {
        await loadHomeserver(client, source)
        const named = decisions(relations, { ...RULES, leaves: STAYS })
        const before = await run(client, accountDigests(named))
        await client.query("UPDATE devices SET last_seen = 1, display_name = 'another'")
        expect(await run(client, accountDigests(named))).toEqual(before)
        const rules = { ...RULES, leaves: STAYS }
        const predicted = await run(client, predictedRows({ relations, rules, decisions: named, sync: 'keeps' }))
        expect(predicted.filter(({ what }) => SYNAPSE_DECIDES.has(what))).toEqual([])
      }),
      { numRuns: CASES, seed: SEED },
    )
  })
})

describe('a target that links an account to one identity of each provider', () => {
  test('gets one of several, and each of the others is left with its reason', async () => {
    await fc.assert(
      fc.asyncProperty(homeserver, async (source) => {
        await loadHomeserver(client, source)
        const providers: DecisionRules['providers'] = [
          { authProvider: 'oidc', target: { id: 'google' } },
          { authProvider: 'oidc-one', target: { id: 'google' } },
          { authProvider: 'saml', target: { id: 'corp' } },
        ]
        const before = await carriedIdentities({ ...RULES, providers })
        const after = await carriedIdentities({ ...RULES, providers, identities: 'one per provider' })
        const places = (all: typeof before) => new Set(all.map(({ mxid, provider_id }) => `${mxid} ${provider_id}`))
        expect(places(after)).toEqual(places(before))
        expect(after).toHaveLength(places(before).size)
        expect(before).toEqual(expect.arrayContaining([...after]))
      }),
      { numRuns: CASES, seed: SEED },
    )
  })
})

const carriedIdentities = (rules: DecisionRules) =>
  run(
    client,
    sql<{ mxid: string; provider_id: string; subject: string }>`
      WITH ${decisions(relations, rules)}
      SELECT mxid, provider_id, subject FROM external_id WHERE reason IS NULL`,
  )

describe('a target that is a provider of Synapse’s itself', () => {
  test('keeps nobody out by the identities that lead to it: they stay, and are told as such', async () => {
    await fc.assert(
      fc.asyncProperty(homeserver, async (source) => {
        await loadHomeserver(client, source)
        const rules = { ...RULES, itself: ['oidc-one'] }
        const named = decisions(relations, rules)
        const reasons = await run(
          client,
          sql<{ auth_provider: string; reason: string | null }>`
            WITH ${named} SELECT auth_provider, reason FROM external_id`,
        )
        for (const { auth_provider, reason } of reasons) {
          expect(reason === 'leads_to_target').toBe(auth_provider === 'oidc-one' && !ofOwner({ reason }))
        }
        const predicted = await run(client, predictedRows({ relations, rules, decisions: named, sync: 'keeps' }))
        expect(predicted.filter(({ what, name }) => what === 'way in stops' && name === 'oidc-one')).toEqual([])
      }),
      { numRuns: CASES, seed: SEED },
    )
  })
})
