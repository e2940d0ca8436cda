import { onTestFinished, test } from 'vitest'
import { testPostgres } from '../support/postgres.ts'
import { prepareDatabases } from './bench-databases.ts'
import { finalBesideOffline } from './final-beside-offline.ts'

/**
 * At 500,000 accounts the aim is a tenth (see docs/reference/measurements.md). At this size what a run costs however little it
 * has to do weighs more, and where other suites share the processors a run of many small statements waits for each: so the
 * bound is loose, and only says that a final run does not do the work of a whole migration several times over.
 */
const ACCOUNTS = 30_000
const BOUND = 2

test('with one in a hundred rows changed, a final run stays below twice a whole migration', async ({ expect }) => {
  const postgres = testPostgres()
  const databases = await prepareDatabases(postgres, { accounts: ACCOUNTS, mas: undefined, homeserver: 'copied' })
  onTestFinished(databases.remove)

  const { offline, final, changed } = await finalBesideOffline(postgres, databases)

  for (const { rows, changed: some } of changed) expect(some).toBeGreaterThan(rows / 200)
  expect(final.document.proof).toMatchObject({ wrongRows: 0, differingBuckets: 0 })
  expect(final.document.milliseconds / offline.document.milliseconds).toBeLessThan(BOUND)
})
