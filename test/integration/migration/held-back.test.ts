import { beforeAll, describe, expect, test } from 'vitest'
import { verify } from '../../../src/migration/verify.ts'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { NEWEST_SYNAPSE } from '../../../src/rehearsal/demo/catalogue.ts'
import { synapseDdl } from '../../../src/rehearsal/demo/ddl.ts'
import { readDecisions } from '../../support/expected-rows/read-decisions.ts'
import { type DecidedRow, damageStatements, loadStory, type Story } from '../../support/expected-rows.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { storyProviders, storyRequest } from '../../support/migration/requests.ts'
import { migrated, wrongTables } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'

/** Each rule of the mapping, the reason it gives, and whom it is about, asked of Synapse's own table. */
const RULES = [
  { rule: 'guests', reason: 'guest', where: 'is_guest = 1' },
  { rule: 'deactivated', reason: 'deactivated', where: 'deactivated = 1' },
  { rule: 'locked', reason: 'locked', where: 'locked' },
  {
    rule: 'withoutLogin',
    reason: 'no_login',
    where: `coalesce(password_hash, '') = '' AND NOT EXISTS (
      SELECT FROM user_external_ids e WHERE e.user_id = u.name
      AND e.auth_provider IN ('oidc', 'oidc-keycloak', 'oidc-old'))`,
  },
] as const

const name = (row: DecidedRow): string => JSON.stringify({ ...row, reason: undefined })

describe.each(RULES)('a mapping that holds $reason accounts back', ({ rule, reason, where }) => {
  const database = `held_back_${reason}`
  let synapse: PostgresSettings
  let story: Story
  let holding: Story

  beforeAll(async () => {
    const postgres = testPostgres()
    story = await loadStory('damage')
    holding = { ...story, mapping: { ...story.mapping, [rule]: 'hold_back' } }
    synapse = await postgres.createDatabase(`${database}_synapse`, { encoding: 'UTF8' })
    await postgres.execute(synapse.database, ...synapseDdl(NEWEST_SYNAPSE), ...(await damageStatements()))
  })

  test('holds back those, all that they own with them, and nothing else', async () => {
    const client = await testPostgres().superuser(synapse.database)
    const { rows } = await client.query<{ name: string }>(`SELECT name FROM users u WHERE ${where}`)
    const concerned = new Set(rows.map((row) => row.name))
    const before = await readDecisions(client, story)
    const wasCarried = new Set(
      before.filter((row) => row.relation === 'account' && row.reason === null).map((row) => row.account),
    )
    const expected = before.map((row): readonly [string, string | null] => {
      const isHeldBack = row.account !== null && concerned.has(row.account) && wasCarried.has(row.account)
      if (!isHeldBack) return [name(row), row.reason]
      return [name(row), row.relation === 'account' ? reason : 'account_held_back']
    })
    const after = await readDecisions(client, holding)
    await client.end()
    expect(new Map(after.map((row) => [name(row), row.reason]))).toEqual(new Map(expected))
    expect(after.filter((row) => row.reason === reason).length).toBeGreaterThan(0)
  })

  test('is migrated and verified like any other', async () => {
    const mas = await createMasDatabase(testPostgres(), `${database}_mas`, storyProviders(story))
    const request = storyRequest(holding, { synapse, mas })
    const { relations } = await migrated(request)
    const accounts = relations.find(({ relation }) => relation === 'account')
    expect(accounts?.left.map((one) => one.reason)).toContain(reason)
    expect(wrongTables(await verify(request))).toEqual([])
  })
})
