import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { CHANGE_KINDS, type ChangingHomeserver, startChanging } from '../../support/changing-homeserver.ts'
import { compareMasRows } from '../../support/expected-rows/compare.ts'
import { readMasRows, readSourceRecord } from '../../support/expected-rows.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { demoOracleRules, demoProviders, demoRequest } from '../../support/migration/requests.ts'
import { migrated } from '../../support/migration/run.ts'
import { decide, wantedOf } from '../../support/oracle.ts'
import { testPostgres } from '../../support/postgres.ts'

const SOURCE = 'changing_homeserver_synapse'
const TARGET = 'changing_homeserver_mas'

describe('a homeserver that people change', () => {
  let synapse: PostgresSettings
  let people: ChangingHomeserver

  const missing = () => CHANGE_KINDS.filter((kind) => (people.counts[kind] ?? 0) === 0)

  beforeAll(async () => {
    synapse = await createDemoHomeserver(testPostgres(), SOURCE, { accounts: 500 })
    people = await startChanging({
      connect: () => testPostgres().superuser(SOURCE),
      seed: '1',
      hands: 3,
      perSecond: 600,
    })
    // Rare ones come late where a slow machine does fewer of them a second.
    const deadline = Date.now() + 60_000
    do await sleep(4000)
    while (missing().length > 0 && Date.now() < deadline)
    await people.stop()
  })
  afterAll(() => people?.stop())

  test('undergoes every kind of change', () => {
    expect(missing()).toEqual([])
  })

  test('is migrated as the oracle says, row by row', async () => {
    const mas = await createMasDatabase(testPostgres(), TARGET, demoProviders)
    await migrated(demoRequest({ synapse, mas }))
    const source = await testPostgres().superuser(SOURCE)
    const target = await testPostgres().superuser(TARGET)
    const wanted = wantedOf(decide(await readSourceRecord(source), demoOracleRules))
    expect(compareMasRows(wanted, await readMasRows(target), 'derived')).toEqual([])
    await source.end()
    await target.end()
  })
})

test('what a transaction that stays open writes is seen only once it is committed', async () => {
  await createDemoHomeserver(testPostgres(), 'changing_homeserver_open', { accounts: 50 })
  const people = await startChanging({
    connect: () => testPostgres().superuser('changing_homeserver_open'),
    seed: '2',
    hands: 1,
    perSecond: 1,
  })
  const count = async (): Promise<unknown> =>
    (
      await testPostgres().execute('changing_homeserver_open', `SELECT count(*) FROM users WHERE name LIKE '@new_2-1%'`)
    )[0]
  const held = await people.holdOpen()
  const before = await count()
  await held.commit()
  await people.stop()
  expect([before, await count()]).toEqual([{ count: '0' }, { count: '1' }])
})
