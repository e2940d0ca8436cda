/**
 * Measures the downtime of an online migration beside that of a whole one, in one run on one machine: everything at
 * once; then, into a MAS that is empty again, a copy, a change of one in a hundred rows of every table, and `--final`.
 */
import { parseArgs } from 'node:util'
import { prepareDatabases } from './bench-databases.ts'
import { onBenchServer, SERVER_FLAGS } from './bench-server.ts'
import { finalBesideOffline, type MeasuredRun } from './final-beside-offline.ts'

const { values } = parseArgs({
  options: {
    'accounts': { type: 'string', default: '20000' },
    ...SERVER_FLAGS,
  },
})

const show = ({ name, seconds, peakBytes, document }: MeasuredRun): void => {
  const memory = peakBytes === undefined ? '' : `${(peakBytes / 2 ** 20).toFixed(0)} MiB`
  const phases = document.phases.map(({ phase, milliseconds }) => `${phase} ${(milliseconds / 1000).toFixed(2)}`)
  console.log(`${name.padEnd(8)}${seconds.toFixed(2).padStart(8)} s  ${memory.padStart(8)}  ${phases.join(', ')}`)
}

await onBenchServer(`${values.accounts} accounts`, values, async (postgres) => {
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
})
