import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Finding } from '../../../src/findings/finding.ts'
import { plan } from '../../../src/migration/plan.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { foldAsMas } from '../../../src/targets/mas/check/fold.ts'
import { memoryTarget } from '../../../src/targets/memory/memory-target.ts'
import { memoryPeople } from '../../../src/targets/memory/people.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { demoProviders, demoRequest } from '../../support/migration/requests.ts'
import { testPostgres } from '../../support/postgres.ts'

const SYNAPSE = 'twins_synapse'
const CODES = ['USERNAME_TWINS', 'EMAIL_SHARED', 'EMAIL_TWINS']
const SERVER = 'demo.example'

const postgres = testPostgres()
let request: MigrationRequest

const twinsAt = async (openTarget = request.openTarget): Promise<Readonly<Record<string, Finding>>> => {
  const { findings } = await plan({ ...request, openTarget })
  return Object.fromEntries(findings.filter(({ code }) => CODES.includes(code)).map((one) => [one.code, one]))
}

const countsAt = async (openTarget = request.openTarget): Promise<Readonly<Record<string, number | undefined>>> =>
  Object.fromEntries(Object.entries(await twinsAt(openTarget)).map(([code, { count }]) => [code, count]))

beforeAll(async () => {
  const synapse = await createDemoHomeserver(postgres, SYNAPSE, { accounts: 200 })
  const mas = await createMasDatabase(postgres, 'twins_mas', demoProviders)
  request = demoRequest({ synapse, mas })
  // Three of one name, one of them with a capital beyond ASCII; one person with two spellings; a ghost that is nobody’s twin.
  await postgres.execute(
    SYNAPSE,
    `INSERT INTO users (name, creation_ts, admin, is_guest, deactivated, appservice_id)
     SELECT '@' || localpart || ':${SERVER}', 1614834367, 0, 0, 0, appservice
     FROM (VALUES ('zoë', NULL), ('ZOë', NULL), ('ZOË', NULL), ('Spelt', NULL), ('Ghostly', 'irc'), ('ghostly', NULL))
       AS x (localpart, appservice)`,
    `INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at)
     SELECT '@' || localpart || ':${SERVER}', medium, address, 0, 0
     FROM (VALUES ('Spelt', 'email', 'Spelt@mail.example'), ('Spelt', 'email', 'spelt@mail.example'),
       ('zoë', 'email', 'three@mail.example'), ('ZOë', 'email', 'Three@mail.example'), ('ZOË', 'email', 'THREE@mail.example'),
       ('zoë', 'carrier-pigeon', 'Pigeon'), ('ZOë', 'carrier-pigeon', 'pigeon'),
       ('Ghostly', 'email', 'Ghostly@mail.example'), ('ghostly', 'email', 'ghostly@mail.example')) AS x (localpart, medium, address)`,
  )
})

describe('names that the target takes for one', () => {
  test('are counted as a grouping over the whole source counts them', async () => {
    const [counted] = await postgres.execute(
      SYNAPSE,
      `WITH carried AS (
         SELECT name, lower(name) AS folded FROM users WHERE name LIKE '@_%:${SERVER}' AND appservice_id IS NULL
           AND name NOT LIKE '%:%:%'
       ), addresses AS (
         SELECT user_id, lower(address) AS folded FROM user_threepids JOIN carried ON name = user_id WHERE medium = 'email'
       ), shared AS (
         SELECT folded, count(DISTINCT user_id) AS owners FROM addresses GROUP BY 1 HAVING count(*) > 1
       )
       SELECT
         (SELECT count(*) FROM carried WHERE folded IN (SELECT folded FROM carried GROUP BY 1 HAVING count(*) > 1))::int AS "USERNAME_TWINS",
         (SELECT count(*) FROM addresses JOIN shared USING (folded) WHERE owners > 1)::int AS "EMAIL_SHARED",
         (SELECT count(*) FROM addresses JOIN shared USING (folded) WHERE owners = 1)::int AS "EMAIL_TWINS"`,
    )
    expect(counted).toEqual({ USERNAME_TWINS: 4, EMAIL_SHARED: 5, EMAIL_TWINS: 2 })
    expect(await countsAt()).toEqual(counted)
  })

  test('are told by some of their accounts, never by an address', async () => {
    const { USERNAME_TWINS, EMAIL_SHARED, EMAIL_TWINS } = await twinsAt()
    expect(USERNAME_TWINS?.samples).toEqual([`@Twin:${SERVER}`, `@ZOë:${SERVER}`, `@zoë:${SERVER}`])
    expect(EMAIL_SHARED?.samples).toHaveLength(3)
    expect(EMAIL_TWINS?.samples).toEqual([`@Spelt:${SERVER}`])
    expect(JSON.stringify([EMAIL_SHARED, EMAIL_TWINS])).not.toContain('mail.example')
  })

  test('are others at a target that folds otherwise, and none at one that folds nothing', async () => {
    // As JavaScript folds: letters beyond ASCII too.
    expect(await countsAt(async () => memoryTarget(memoryPeople(), { follows: {} }))).toMatchObject({
      USERNAME_TWINS: 5,
    })
    // Whose names are settled so that none is another's.
    const settled = await countsAt(async () => memoryTarget(memoryPeople()))
    expect(settled).toMatchObject({ EMAIL_SHARED: expect.any(Number) })
    expect(settled).not.toHaveProperty('USERNAME_TWINS')
    expect(
      await countsAt(async () => {
        const { fold: _, ...exact } = memoryTarget(memoryPeople())
        return exact
      }),
    ).toEqual({})
  })

  test('are gone when one of each is', async () => {
    await postgres.execute(
      SYNAPSE,
      `DELETE FROM users WHERE name ~ '^@(Twin|ZOë|mail-twin-1):'`,
      `DELETE FROM user_threepids WHERE address ~ '^(Spelt|Three|THREE|Twin)@'`,
    )
    expect(await countsAt()).toEqual({})
  })
})

describe('MAS', () => {
  const folded = async (database: string): Promise<readonly string[]> => {
    const client = await postgres.superuser(database)
    try {
      return await foldAsMas(client, ['ZOË', 'a', 'Ann', ''])
    } finally {
      await client.end()
    }
  }

  afterAll(() => postgres.execute('postgres', 'DROP DATABASE IF EXISTS twins_utf8'))

  test('folds by the locale of its own database', async () => {
    await postgres.execute(
      'postgres',
      'DROP DATABASE IF EXISTS twins_utf8',
      `CREATE DATABASE twins_utf8 TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'`,
    )
    expect(await folded('twins_mas')).toEqual(['zoË', 'a', 'ann', ''])
    expect(await folded('twins_utf8')).toEqual(['zoë', 'a', 'ann', ''])
  })
})
