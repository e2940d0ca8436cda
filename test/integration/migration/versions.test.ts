import { beforeAll, describe, expect, test } from 'vitest'
import { RELATIONS, type Relation } from '../../../src/accounts/relations.ts'
import { plan } from '../../../src/migration/plan.ts'
import { verify } from '../../../src/migration/verify.ts'
import { SYNAPSE_VERSIONS, synapseHas } from '../../../src/rehearsal/demo/catalogue.ts'
import type { RunDocument } from '../../../src/report/documents.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { countMasRows, createMasDatabase } from '../../support/migration/mas-database.ts'
import { demoProviders, demoRequest, type Ends } from '../../support/migration/requests.ts'
import { migrated, wrongTables } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'

/** Synapse's own rows, counted without anything of syn2op's. */
const COUNTS: Readonly<Record<Relation, string>> = {
  account: 'SELECT count(*)::integer AS rows FROM users',
  password: `SELECT count(*)::integer AS rows FROM users WHERE password_hash <> ''`,
  threepid: 'SELECT count(*)::integer AS rows FROM user_threepids',
  external_id: 'SELECT count(*)::integer AS rows FROM user_external_ids',
  session: 'SELECT count(*)::integer AS rows FROM devices',
  access_token: 'SELECT count(*)::integer AS rows FROM access_tokens',
  refresh_token: 'SELECT count(*)::integer AS rows FROM refresh_tokens',
}

describe.each(SYNAPSE_VERSIONS)('a damaged homeserver with the tables of Synapse %s', (version) => {
  const name = `versions_${version.replaceAll('.', '_')}`
  let ends: Ends
  let document: RunDocument

  beforeAll(async () => {
    const postgres = testPostgres()
    ends = {
      synapse: await createDemoHomeserver(postgres, `${name}_synapse`, { accounts: 500, version }),
      mas: await createMasDatabase(postgres, `${name}_mas`, demoProviders),
    }
    document = await migrated(demoRequest(ends))
  })

  test('every row of every table is carried or left for a reason', async () => {
    const rows = async (relation: Relation): Promise<number> => {
      if (relation === 'refresh_token' && !synapseHas(version, 'refresh_tokens')) return 0
      const [counted] = await testPostgres().execute(ends.synapse.database, COUNTS[relation])
      return Number(counted?.['rows'])
    }
    for (const relation of RELATIONS) {
      const count = document.relations.find((one) => one.relation === relation)
      const left = count?.left.reduce((sum, one) => sum + one.count, 0) ?? Number.NaN
      expect({ relation, rows: (count?.carried ?? Number.NaN) + left }).toEqual({
        relation,
        rows: await rows(relation),
      })
      expect(count?.read).toBe(await rows(relation))
    }
  })

  test('MAS holds as many rows as were to be carried', async () => {
    const carried = Object.fromEntries(document.relations.map((one) => [one.relation, one.carried]))
    const present = await countMasRows(testPostgres(), ends.mas.database)
    const [deviceless] = await testPostgres().execute(
      ends.mas.database,
      'SELECT count(*)::integer AS sessions FROM compat_sessions WHERE device_id IS NULL',
    )
    expect({
      account: present['users'],
      password: present['user_passwords'],
      threepid: (present['user_emails'] ?? 0) + (present['user_unsupported_third_party_ids'] ?? 0),
      external_id: present['upstream_oauth_links'],
      session: (present['compat_sessions'] ?? 0) - Number(deviceless?.['sessions']),
      access_token: present['compat_access_tokens'],
      refresh_token: present['compat_refresh_tokens'],
    }).toEqual(carried)
    expect(Object.fromEntries(document.tables.map(({ table, rows }) => [table, rows]))).toEqual(present)
  })

  test('the plan said so before', async () => {
    const mas = await createMasDatabase(testPostgres(), `${name}_planned_mas`, demoProviders)
    const { relations } = await plan(demoRequest({ ...ends, mas }))
    expect(relations).toEqual(document.relations)
  })

  test('a verification finds nothing', async () => {
    const verified = await verify(demoRequest(ends))
    expect(wrongTables(verified)).toEqual([])
    expect(verified.tables.every(({ wanted, present }) => wanted === present)).toBe(true)
  })
})
