/**
 * Measures the downtime of an online migration beside that of a whole one, in one run on one machine: everything at
 * once; then, into a MAS that is empty again, a copy, a change of one in a hundred rows of every table, and `--final`.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { RunDocument } from '../../src/report/documents.ts'
import { startPostgresServer } from '../support/postgres-server.ts'
import { serverForTests } from '../support/server-for-tests.ts'
import { type BenchDatabases, prepareDatabases } from './bench-databases.ts'
import { changeOnePercent } from './change-one-percent.ts'
import { type Measured, measure } from './measure.ts'

const { values } = parseArgs({
  options: {
    'accounts': { type: 'string', default: '20000' },
    'postgres-bin': { type: 'string' },
    'keep-dir': { type: 'string' },
  },
})

/** As on a server that somebody looks after, but for fsync, which would measure this machine's disk. */
const CONFIGURATION = {
  shared_buffers: '512MB',
  wal_level: 'replica',
  max_wal_size: '4GB',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  fsync: 'off',
}

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

const ours = async (
  { files, folder }: BenchDatabases,
  name: string,
  args: readonly string[],
): Promise<Measured & { readonly document: RunDocument }> => {
  const report = join(folder, `${name}.json`)
  const measured = await measure(process.execPath, [
    program,
    ...args,
    '--yes',
    '--accept=all-warnings',
    '--accept=SYNAPSE_BACKGROUND_UPDATES',
    `--synapse-config=${files.homeserver}`,
    `--target-config=${files.mas}`,
    `--report=json=${report}`,
  ])
  return { ...measured, document: JSON.parse(await readFile(report, 'utf8')) }
}

const show = (name: string, { seconds, peakBytes, document }: Awaited<ReturnType<typeof ours>>): void => {
  const memory = peakBytes === undefined ? '' : `${(peakBytes / 2 ** 20).toFixed(0)} MiB`
  const phases = document.phases.map(({ phase, milliseconds }) => `${phase} ${(milliseconds / 1000).toFixed(2)}`)
  console.log(`${name.padEnd(8)}${seconds.toFixed(2).padStart(8)} s  ${memory.padStart(8)}  ${phases.join(', ')}`)
}

const bench = async (postgres: ReturnType<typeof serverForTests>, databases: BenchDatabases): Promise<void> => {
  await databases.emptyMas()
  const offline = await ours(databases, 'offline', ['migrate'])
  show('offline', offline)
  console.log(`         ${await databases.rowsInMas()} rows`)
  await databases.emptyMas()
  show('online', await ours(databases, 'online', ['migrate', '--online']))
  show('again', await ours(databases, 'again', ['migrate', '--online']))
  const client = await postgres.superuser(databases.synapse)
  for (const { table, rows, changed } of await changeOnePercent(client)) {
    console.log(`         ${table}: ${changed} of ${rows} rows changed`)
  }
  await client.end()
  await postgres.execute('postgres', 'CHECKPOINT')
  const final = await ours(databases, 'final', ['migrate', '--final'])
  show('final', final)
  console.log(`         ${await databases.rowsInMas()} rows`)
  console.log(`final / offline: ${(final.seconds / offline.seconds).toFixed(3)}`)
  await measure(process.execPath, [
    program,
    'verify',
    `--synapse-config=${databases.files.homeserver}`,
    `--target-config=${databases.files.mas}`,
  ])
  console.log('a full verification afterwards finds nothing')
}

const server = await startPostgresServer({
  configuration: CONFIGURATION,
  ...(values['postgres-bin'] !== undefined && { binFolder: values['postgres-bin'] }),
  ...(values['keep-dir'] !== undefined && { keptFolder: values['keep-dir'] }),
})
try {
  const postgres = serverForTests(server)
  const [about] = await postgres.execute('postgres', "SELECT current_setting('server_version') AS postgres")
  console.log(`${values.accounts} accounts on ${JSON.stringify({ ...about, ...CONFIGURATION })}`)
  const databases = await prepareDatabases(postgres, {
    accounts: Number(values.accounts),
    mas: undefined,
    homeserver: 'copied',
  })
  await bench(postgres, databases)
  await databases.remove()
} finally {
  await server.stop()
}
