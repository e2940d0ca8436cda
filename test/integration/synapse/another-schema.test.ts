import { expect, test } from 'vitest'
import { check } from '../../../src/migration/check.ts'
import { NEWEST_SYNAPSE, synapseTables } from '../../../src/rehearsal/demo/catalogue.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { demoProviders, demoRequest } from '../../support/migration/requests.ts'
import { testPostgres } from '../../support/postgres.ts'

const NAME = 'another_schema'

test('a source is checked to its end, whichever one of its tables and columns is gone', {
  timeout: 300_000,
}, async () => {
  const postgres = testPostgres()
  const source = `${NAME}_synapse`
  const synapse = await createDemoHomeserver(postgres, source, { accounts: 20 })
  const mas = await createMasDatabase(postgres, `${NAME}_mas`, demoProviders)
  const request = demoRequest({ synapse, mas })
  const failures: string[] = []
  const without = async (what: string, rename: (from: string, to: string) => string, name: string): Promise<void> => {
    await postgres.execute(source, rename(name, `${name}_other`))
    try {
      const { findings } = await check(request)
      if (findings.length === 0) failures.push(`without ${what} nothing is found`)
    } catch (error) {
      failures.push(`without ${what}: ${String(error)}`)
    }
    await postgres.execute(source, rename(`${name}_other`, name))
  }
  for (const [table, columns] of synapseTables(NEWEST_SYNAPSE)) {
    await without(table, (from, to) => `ALTER TABLE "${from}" RENAME TO "${to}"`, table)
    for (const { name } of columns) {
      await without(`${table}.${name}`, (from, to) => `ALTER TABLE "${table}" RENAME COLUMN "${from}" TO "${to}"`, name)
    }
  }
  expect(failures).toEqual([])
})
