import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cohortMembers } from '../../../src/accounts/decisions/cohort.ts'
import { ownerHash } from '../../../src/difference/owner.ts'
import type { CohortMatch, CohortRule, TimeRange } from '../../../src/mapping/mapping.ts'
import { run } from '../../../src/postgres/statement.ts'
import { NEWEST_SYNAPSE } from '../../../src/rehearsal/demo/catalogue.ts'
import { synapseDdl } from '../../../src/rehearsal/demo/ddl.ts'
import { catalogueQuery, toSourceCatalogue } from '../../../src/synapse/catalogue.ts'
import { buildRelations, type Relations } from '../../../src/synapse/relations.ts'
import { emptySourceRecord } from '../../support/expected-rows.ts'
import { ALL_CASES, SEED } from '../../support/generated/cases.ts'
import { type Homeserver, homeserver } from '../../support/generated/homeserver.ts'
import { loadHomeserver } from '../../support/generated/load.ts'
import { AS_OF, NAMES } from '../../support/generated/values.ts'
import { testPostgres } from '../../support/postgres.ts'

const DATABASE = 'cohort_synapse'
const CASES = ALL_CASES ? 300 : 60
let client: pg.Client
let relations: Relations

beforeAll(async () => {
  await testPostgres().createDatabase(DATABASE, { encoding: 'UTF8' })
  await testPostgres().execute(DATABASE, ...synapseDdl(NEWEST_SYNAPSE))
  client = await testPostgres().superuser(DATABASE)
  relations = buildRelations(toSourceCatalogue(await run(client, catalogueQuery)))
})
afterAll(() => client?.end())

const empty: Homeserver = emptySourceRecord.tables

const fill = (rows: Partial<Homeserver>): Promise<void> => loadHomeserver(client, { ...empty, ...rows })

/** The position of each account's cohort. */
const membersBy = async (matches: readonly CohortMatch[]): Promise<readonly { mxid: string; cohort: number }[]> => {
  const cohorts = matches.map((match, n): CohortRule => ({ name: `c${n}`, match }))
  return run<{ mxid: string; cohort: number }>(
    client,
    sql`
      SELECT mxid, cohort FROM (${cohortMembers(cohorts, relations)}) m
      WHERE owner = ${ownerHash(sql`mxid`)}
      ORDER BY mxid COLLATE "C"
    `,
  )
}

const namesIn = async (match: CohortMatch): Promise<readonly string[]> =>
  (await membersBy([match])).filter(({ cohort }) => cohort === 0).map(({ mxid }) => mxid)

const range: fc.Arbitrary<TimeRange> = fc.record(
  {
    after: fc.integer({ min: 1_577_836_800_000, max: AS_OF }),
    before: fc.integer({ min: 1_577_836_800_000, max: AS_OF }),
  },
  { requiredKeys: [] },
)

const match: fc.Arbitrary<CohortMatch> = fc.record(
  {
    localparts: fc.subarray(['a.*', '[a-c][a-z]*', 'Ann|zoë', '[0-9]+', '.*l.*'], { minLength: 1 }),
    emailDomains: fc.subarray(['x.example', 'y.example'], { minLength: 1 }),
    providers: fc.subarray(['oidc-one', 'saml', 'oidc'], { minLength: 1 }),
    lastSeen: range,
    created: range,
    admin: fc.boolean(),
    // An empty line of a list names nobody.
    mxids: fc.subarray([...NAMES.flatMap((name) => name || []), 'ann', 'Bob', 'zoë', "o'neil\\"], { minLength: 1 }),
    percent: fc.constantFrom(1, 33, 50, 100),
  },
  { requiredKeys: [] },
)

const localpartOf = (mxid: string): string | undefined => /^@([^:]*):/u.exec(mxid)?.[1]

const MAX = 253_402_300_799
const isWithin = (time: number | undefined, { after, before }: TimeRange): boolean =>
  (after === undefined || (time !== undefined && time >= after)) &&
  (before === undefined || time === undefined || time < before)

/** The rules once more, over rows as objects. */
const meets = (rules: CohortMatch, mxid: string, rows: Homeserver): boolean => {
  const user = rows.users.find(({ name }) => name === mxid)
  const own = (table: 'user_threepids' | 'user_external_ids' | 'devices') =>
    rows[table].filter(({ user_id }) => user_id === mxid)
  const seen = own('devices').flatMap(({ hidden, last_seen }) =>
    hidden === true || last_seen === null ? [] : [Number(last_seen)],
  )
  const created = user?.['creation_ts'] === null ? undefined : Number(user?.['creation_ts'])
  const conditions: Readonly<Record<keyof CohortMatch, () => boolean | undefined>> = {
    localparts: () => {
      const localpart = localpartOf(mxid)
      return localpart !== undefined && rules.localparts?.some((one) => new RegExp(`^(?:${one})$`, 'u').test(localpart))
    },
    emailDomains: () =>
      own('user_threepids').some(
        ({ medium, address }) =>
          medium === 'email' && rules.emailDomains?.includes(String(address).trim().toLowerCase().split('@')[1] ?? ''),
      ),
    providers: () =>
      own('user_external_ids').some(({ auth_provider }) => rules.providers?.includes(String(auth_provider))),
    lastSeen: () => isWithin(seen.length === 0 ? undefined : Math.max(...seen), rules.lastSeen ?? {}),
    created: () =>
      isWithin(created === undefined ? undefined : Math.max(0, Math.min(created, MAX)) * 1000, rules.created ?? {}),
    admin: () => (user?.['admin'] === 1) === rules.admin,
    mxids: () => rules.mxids?.some((name) => name === (name.startsWith('@') ? mxid : localpartOf(mxid))),
    percent: () => createHash('sha256').update(mxid).digest().readUInt32BE(0) / 2 ** 32 < (rules.percent ?? 0) / 100,
  }
  return (Object.keys(rules) as (keyof CohortMatch)[]).every((key) => conditions[key]() === true)
}

describe('who is in which cohort', () => {
  test('every account with a name is in the first cohort whose conditions it meets, or in the rest, whatever the tables hold', {
    timeout: 600_000,
  }, async () => {
    const seenIn = new Set<number>()
    await fc.assert(
      fc.asyncProperty(homeserver, fc.array(match, { maxLength: 4 }), async (rows, matches) => {
        await fill(rows)
        const members = await membersBy(matches)
        const wanted = rows.users
          .flatMap(({ name }) => (typeof name === 'string' ? [name] : []))
          .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
          .map((mxid) => {
            const found = matches.findIndex((one) => meets(one, mxid, rows))
            return { mxid, cohort: found === -1 ? matches.length : found }
          })
        expect(members).toEqual(wanted)
        for (const { cohort } of members) seenIn.add(cohort)
      }),
      { numRuns: CASES, seed: SEED },
    )
    expect([...seenIn].toSorted()).toEqual(expect.arrayContaining([0, 1, 2]))
  })

  test('a percentage takes the same accounts every time, all of a smaller one, and about as many as it says', async () => {
    const users = Array.from({ length: 2000 }, (_, n) => ({
      name: `@user${n}:example.org`,
      admin: 0,
      is_guest: 0,
      deactivated: 0,
      locked: false,
      suspended: false,
    }))
    await fill({ users })
    const ten = await namesIn({ percent: 10 })
    const thirty = await namesIn({ percent: 30 })
    expect(await namesIn({ percent: 10 })).toEqual(ten)
    expect(thirty).toEqual(expect.arrayContaining([...ten]))
    expect(ten.length).toBeGreaterThan(150)
    expect(ten.length).toBeLessThan(250)
    expect(thirty.length).toBeGreaterThan(520)
    expect(thirty.length).toBeLessThan(680)
    expect(await namesIn({ percent: 100 })).toHaveLength(2000)
    // Of the name alone: what PostgreSQL or this program is, and when it is asked, does not count.
    expect(ten.slice(0, 3)).toEqual(['@user1003:example.org', '@user1020:example.org', '@user1033:example.org'])
  })
})
