/**
 * Measures the downtime of an online migration beside that of a whole one, in one run on one machine: everything at
 * once; then, into a MAS that is empty again, a copy, a change of one in a hundred rows of every table, and `--final`.
 */
import { parseArgs } from 'node:util'
import { startPostgresServer } from '../support/postgres-server.ts'
import { serverForTests } from '../support/server-for-tests.ts'
import { prepareDatabases } from './bench-databases.ts'
import { finalBesideOffline, type MeasuredRun } from './final-beside-offline.ts'

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

const show = ({ name, seconds, peakBytes, document }: MeasuredRun): void => {
  const memory = peakBytes === undefined ? '' : `${(peakBytes / 2 ** 20).toFixed(0)} MiB`
  const phases = document.phases.map(({ phase, milliseconds }) => `${phase} ${(milliseconds / 1000).toFixed(2)}`)
  console.log(`${name.padEnd(8)}${seconds.toFixed(2).padStart(8)} s  ${memory.padStart(8)}  ${phases.join(', ')}`)
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
  const { offline, final, changed } = await finalBesideOffline(postgres, databases, show)
  for (const one of changed) console.log(`         ${one.table}: ${one.changed} of ${one.rows} rows changed`)
  console.log(`         ${await databases.rowsInMas()} rows; a full verification afterwards finds nothing`)
  console.log(`final / offline: ${(final.seconds / offline.seconds).toFixed(3)} (aim: 0.1 at 500000 accounts)`)
  await databases.remove()
} finally {
  await server.stop()
}
