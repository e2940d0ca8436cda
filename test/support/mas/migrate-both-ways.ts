import { ending, runBuiltProgram } from '../built-program.ts'
import { readMasRows, readSourceRecord } from '../expected-rows.ts'
import type { TestPostgres } from '../server-for-tests.ts'
import { compareWithRival, indexSource, type RivalComparison } from './compare-with-rival.ts'
import type { InstalledMas } from './installed-mas.ts'
import { meantDifferences } from './meant-differences.ts'
import { doMas, migrateMasSchema } from './run-mas.ts'

/** The configuration of a migration, and the database it goes to. */
export interface Way {
  readonly homeserver: string
  readonly mas: string
  readonly database: string
}

export interface BothWays {
  readonly serverName: string
  /** Synapse's database, the same for both. */
  readonly source: string
  readonly ours: Way
  readonly theirs: Way
  readonly rivalFlags?: readonly string[]
}

/** Migrates a homeserver into two empty databases, by MAS's own importer and by us, and compares all that they wrote. */
export const migrateBothWays = async (
  mas: InstalledMas,
  postgres: TestPostgres,
  { serverName, source, ours, theirs, rivalFlags = [] }: BothWays,
): Promise<RivalComparison> => {
  await migrateMasSchema(mas, ours.mas)
  await migrateMasSchema(mas, theirs.mas)
  const rivalStarted = Date.now()
  await doMas(mas, theirs.mas, ['syn2mas', 'migrate', '--synapse-config', theirs.homeserver, ...rivalFlags])
  const asOf = Date.now()
  const flags = ['--yes', '--accept', 'all-warnings', '--accept', 'SYNAPSE_BACKGROUND_UPDATES']
  const files = ['--synapse-config', ours.homeserver, '--target-config', ours.mas]
  const run = await runBuiltProgram(['migrate', ...flags, '--as-of', new Date(asOf).toISOString(), ...files])
  if (run.code !== 0) throw new Error(ending(run, 0))

  const read = async <T>(database: string, readWith: (client: Awaited<ReturnType<TestPostgres['superuser']>>) => T) => {
    const client = await postgres.superuser(database)
    try {
      return await readWith(client)
    } finally {
      await client.end()
    }
  }
  return compareWithRival(
    await read(ours.database, readMasRows),
    await read(theirs.database, readMasRows),
    indexSource(await read(source, readSourceRecord), serverName),
    meantDifferences({ rivalStarted, asOf }),
  )
}
