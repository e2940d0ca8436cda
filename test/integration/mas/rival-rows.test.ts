import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NEWEST_SYNAPSE } from '../../../src/rehearsal/demo/catalogue.ts'
import { writeDemoConfigs } from '../../../src/rehearsal/demo/configs.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import { synapseDdl } from '../../../src/rehearsal/demo/ddl.ts'
import { fillDemoHomeserver } from '../../../src/rehearsal/demo/fill.ts'
import { ending, runBuiltProgram } from '../../support/built-program.ts'
import { readMasRows, readSourceRecord } from '../../support/expected-rows.ts'
import { compareWithRival, indexSource, type RivalComparison } from '../../support/mas/compare-with-rival.ts'
import { findMas, requireMas } from '../../support/mas/installed-mas.ts'
import { meantDifferences } from '../../support/mas/meant-differences.ts'
import { doMas, migrateMasSchema } from '../../support/mas/run-mas.ts'
import { testPostgres } from '../../support/postgres.ts'

const SOURCE = 'rival_rows_synapse'
const OURS = 'rival_rows_ours'
const THEIRS = 'rival_rows_theirs'
const ACCOUNTS = 5000

const found = findMas()
const reason = typeof found === 'string' ? ` (${found})` : ''

describe.skipIf(reason !== '')(`[mas-cli] the rows of MAS's own importer, and ours${reason}`, () => {
  let comparison: RivalComparison
  let folder: string

  const rowsOf = async (database: string) => {
    const client = await testPostgres().superuser(database)
    try {
      return await readMasRows(client)
    } finally {
      await client.end()
    }
  }

  beforeAll(async () => {
    const mas = requireMas(found)
    const postgres = testPostgres()
    folder = await mkdtemp(join(tmpdir(), 'syn2op-rival-'))
    const synapse = await postgres.createDatabase(SOURCE, { encoding: 'UTF8' })
    await postgres.execute(SOURCE, ...synapseDdl(NEWEST_SYNAPSE))
    const client = await postgres.superuser(SOURCE)
    await fillDemoHomeserver(client, { accounts: ACCOUNTS, damage: 'none', version: NEWEST_SYNAPSE })
    const source = await readSourceRecord(client)
    await client.end()

    const configs = async (database: string) => {
      const files = await writeDemoConfigs(join(folder, database), {
        synapse,
        mas: await postgres.createDatabase(database),
      })
      await migrateMasSchema(mas, files.mas)
      return files
    }
    const [ours, theirs] = [await configs(OURS), await configs(THEIRS)]
    const rivalStarted = Date.now()
    await doMas(mas, theirs.mas, ['syn2mas', 'migrate', '--synapse-config', theirs.homeserver])
    const asOf = Date.now()
    const flags = ['--yes', '--accept', 'all-warnings', '--accept', 'SYNAPSE_BACKGROUND_UPDATES']
    const files = ['--synapse-config', ours.homeserver, '--target-config', ours.mas]
    const run = await runBuiltProgram(['migrate', ...flags, '--as-of', new Date(asOf).toISOString(), ...files])
    if (run.code !== 0) throw new Error(ending(run, 0))
    comparison = compareWithRival(
      await rowsOf(OURS),
      await rowsOf(THEIRS),
      indexSource(source, DEMO.serverName),
      meantDifferences({ rivalStarted, asOf }),
    )
    console.log(JSON.stringify({ rows: comparison.rows, meant: comparison.meant }, null, 2))
  }, 120_000)
  afterAll(() => folder && rm(folder, { recursive: true }))

  test('are equal in every column, but for what is meant to differ', () => {
    expect(comparison.unexplained).toEqual([])
  })

  test('are of every table', () => {
    for (const count of Object.values(comparison.rows)) expect(count).toBeGreaterThan(100)
  })
})
