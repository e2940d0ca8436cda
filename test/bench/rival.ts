/**
 * Measures a whole migration, from the start of the process to its end, beside MAS's own importer where it is at hand
 * (SYN2OP_TEST_MAS_CLI and SYN2OP_TEST_MAS_SHARE): same homeserver, same server, an empty MAS for each run, taking turns.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { findMas } from '../support/mas/installed-mas.ts'
import { type BenchDatabases, prepareDatabases } from './bench-databases.ts'
import { onBenchServer, SERVER_FLAGS } from './bench-server.ts'
import { type Measured, measure, median } from './measure.ts'

const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '20000' },
    runs: { type: 'string', default: '5' },
    ...SERVER_FLAGS,
  },
})

interface Contender {
  readonly name: string
  run(): Promise<Measured>
}

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

const contenders = ({ files }: BenchDatabases): readonly Contender[] => {
  const configs = ['--synapse-config', files.homeserver]
  const accepted = ['--accept', 'all-warnings', '--accept', 'SYNAPSE_BACKGROUND_UPDATES']
  const mas = findMas()
  return [
    ...(typeof mas === 'string'
      ? []
      : [
          {
            name: 'rival',
            run: () => measure(mas.cli, ['syn2mas', 'migrate', '--config', files.mas, ...configs]),
          },
        ]),
    {
      name: 'ours',
      run: () =>
        measure(process.execPath, [program, 'migrate', '--yes', ...accepted, ...configs, '--target-config', files.mas]),
    },
  ]
}

const shown = ({ seconds, peakBytes }: Measured): string =>
  `${seconds.toFixed(2).padStart(8)} s ${peakBytes === undefined ? '' : `${(peakBytes / 2 ** 20).toFixed(0).padStart(6)} MiB`}`

const middle = (runs: readonly Measured[]): Measured => {
  const peaks = runs.flatMap(({ peakBytes }) => peakBytes ?? [])
  return {
    seconds: median(runs.map(({ seconds }) => seconds)),
    ...(peaks.length > 0 && { peakBytes: median(peaks) }),
  }
}

const takeTurns = async (databases: BenchDatabases): Promise<ReadonlyMap<string, readonly Measured[]>> => {
  const results = new Map<string, Measured[]>()
  for (let turn = 1; turn <= Number(values.runs); turn++) {
    for (const { name, run } of contenders(databases)) {
      await databases.emptyMas()
      const measured = await run()
      console.log(
        `${String(turn).padStart(3)}  ${name.padEnd(6)}${shown(measured)}  ${await databases.rowsInMas()} rows`,
      )
      results.set(name, [...(results.get(name) ?? []), measured])
    }
  }
  return results
}

const mas = findMas()
if (typeof mas === 'string') console.log(`Ours alone: ${mas}`)
await onBenchServer(`${values.accounts} accounts`, values, async (postgres) => {
  const databases = await prepareDatabases(postgres, {
    accounts: Number(values.accounts),
    mas: typeof mas === 'string' ? undefined : mas,
  })
  const results = await takeTurns(databases)
  await databases.remove()
  const medians = new Map([...results].map(([name, runs]) => [name, middle(runs)]))
  for (const [name, measured] of medians) console.log(`median ${name.padEnd(6)}${shown(measured)}`)
  const [rival, ours] = [medians.get('rival'), medians.get('ours')]
  if (rival && ours) {
    const memory = rival.peakBytes && ours.peakBytes ? `, memory ${(ours.peakBytes / rival.peakBytes).toFixed(2)}` : ''
    console.log(`ours / rival: time ${(ours.seconds / rival.seconds).toFixed(2)}${memory}`)
  }
})
