import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunDocument } from '../../src/report/documents.ts'
import type { TestPostgres } from '../support/server-for-tests.ts'
import type { BenchDatabases } from './bench-databases.ts'
import { type ChangedRows, changeOnePercent } from './change-one-percent.ts'
import { type Measured, measure } from './measure.ts'

export interface MeasuredRun extends Measured {
  readonly name: 'offline' | 'online' | 'again' | 'final'
  readonly document: RunDocument
}

export interface FinalBesideOffline {
  readonly offline: MeasuredRun
  readonly final: MeasuredRun
  readonly changed: readonly ChangedRows[]
}

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

/**
 * Moves everybody at once; then, into a MAS that is empty again, by two copies, a change of one in a hundred rows of every
 * table, and `--final`. A full verification at the end must find nothing.
 * @param told after each run.
 * @throws Error where a run or the verification ends with another code than 0.
 */
export const finalBesideOffline = async (
  postgres: TestPostgres,
  databases: BenchDatabases,
  told: (run: MeasuredRun) => void = () => {},
): Promise<FinalBesideOffline> => {
  const migrate = async (name: MeasuredRun['name'], ...flags: readonly string[]): Promise<MeasuredRun> => {
    const run = await ours(databases, name, ['migrate', ...flags])
    told(run)
    return run
  }
  await databases.emptyMas()
  const offline = await migrate('offline')
  await databases.emptyMas()
  await migrate('online', '--online')
  await migrate('again', '--online')
  const client = await postgres.superuser(databases.synapse)
  const changed = await changeOnePercent(client).finally(() => client.end())
  await postgres.execute('postgres', 'CHECKPOINT')
  const final = await migrate('final', '--final')
  await measure(process.execPath, [program, 'verify', ...configurations(databases)])
  return { offline, final, changed }
}

const configurations = ({ files }: BenchDatabases): readonly string[] => [
  `--synapse-config=${files.homeserver}`,
  `--target-config=${files.mas}`,
]

const ours = async (
  databases: BenchDatabases,
  name: MeasuredRun['name'],
  args: readonly string[],
): Promise<MeasuredRun> => {
  const report = join(databases.folder, `${name}.json`)
  const measured = await measure(process.execPath, [
    program,
    ...args,
    '--yes',
    '--accept=all-warnings',
    '--accept=SYNAPSE_BACKGROUND_UPDATES',
    '--accept=NO_BACKUP',
    ...configurations(databases),
    `--report=json=${report}`,
  ])
  return { ...measured, name, document: JSON.parse(await readFile(report, 'utf8')) }
}
