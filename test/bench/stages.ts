/**
 * Migrates a homeserver cohort by cohort beside one online copy of everybody, in one run on one machine: the same rows,
 * indexes and constraints in the end, and how much longer it takes. Some of the runs are killed and gone on with.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { TestPostgres } from '../support/server-for-tests.ts'
import { readTargetState, type TargetState } from '../support/target-state.ts'
import { AS_OF, type BenchDatabases, MAS, prepareDatabases } from './bench-databases.ts'
import { onBenchServer, SERVER_FLAGS } from './bench-server.ts'
import { killedAfter, measure, median } from './measure.ts'

const { values } = parseArgs({
  options: {
    'accounts': { type: 'string', default: '20000' },
    'cohorts': { type: 'string', default: '50' },
    'kill-every': { type: 'string', default: '7' },
    ...SERVER_FLAGS,
  },
})

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

const cohortNames = (count: number): readonly string[] => [
  ...Array.from({ length: count - 1 }, (_, index) => `part-${index + 1}`),
  'rest',
]

/** Parts of the same size, each by a share of all Matrix ids that has the one before it in it. */
const writeMapping = async (folder: string, count: number): Promise<string> => {
  const cohorts = cohortNames(count)
    .slice(0, -1)
    .map((name, index) => `  - name: ${name}\n    match: { percent: ${((index + 1) * 100) / count} }\n`)
  const file = join(folder, `${count}-cohorts.yaml`)
  await writeFile(file, `version: 1\ncohorts:\n${cohorts.join('')}`)
  return file
}

const argumentsOf = ({ files, folder }: BenchDatabases, args: readonly string[]): readonly string[] => [
  program,
  'migrate',
  ...args,
  '--yes',
  '--accept=all-warnings',
  '--accept=SYNAPSE_BACKGROUND_UPDATES',
  '--accept=NO_BACKUP',
  `--synapse-config=${files.homeserver}`,
  `--target-config=${files.mas}`,
  `--runs-dir=${join(folder, 'runs')}`,
]

const run = async (databases: BenchDatabases, args: readonly string[]): Promise<number> =>
  (await measure(process.execPath, argumentsOf(databases, args))).seconds

const stateOf = (postgres: TestPostgres): Promise<TargetState> => readTargetState(postgres, MAS)

const atOnce = async (databases: BenchDatabases): Promise<number> => {
  const copy = await run(databases, ['--online', AS_OF])
  const final = await run(databases, ['--final', AS_OF])
  console.log(`at once: copy ${copy.toFixed(2)} s, final ${final.toFixed(2)} s`)
  return copy + final
}

const inStages = async (databases: BenchDatabases, names: readonly string[], mapping: string): Promise<number> => {
  const killEvery = Number(values['kill-every'])
  const times: number[] = []
  let killed = 0
  let lost = 0
  for (const [index, name] of names.entries()) {
    const asked = [`--mapping=${mapping}`, `--cohort=${name}`]
    if (index % killEvery === killEvery - 1) {
      const delay = median(times) * (0.3 + (0.6 * ((index * 7) % 10)) / 10)
      const hit = await killedAfter(process.execPath, argumentsOf(databases, [...asked, AS_OF]), delay)
      if (hit) killed++
      lost += delay
    }
    times.push(await run(databases, [...asked, AS_OF]))
  }
  const [first = 0] = times
  console.log(
    `in stages: first ${first.toFixed(2)} s, then ${median(times).toFixed(2)} s each (${Math.max(...times.slice(1)).toFixed(2)} s at most), ${killed} killed and gone on with`,
  )
  const final = await run(databases, ['--final', AS_OF, `--mapping=${mapping}`])
  console.log(`in stages: final ${final.toFixed(2)} s`)
  return times.reduce((sum, seconds) => sum + seconds, lost + final)
}

const differing = (one: TargetState, other: TargetState): readonly string[] => [
  ...Object.keys({ ...one.rows, ...other.rows }).filter((table) => one.rows[table] !== other.rows[table]),
  ...new Set(one.definitions).symmetricDifference(new Set(other.definitions)),
  ...new Set(one.schemas).symmetricDifference(new Set(other.schemas)),
]

const bench = async (postgres: TestPostgres, databases: BenchDatabases): Promise<void> => {
  const names = cohortNames(Number(values.cohorts))
  const mapping = await writeMapping(databases.folder, names.length)
  await databases.emptyMas()
  const whole = await atOnce(databases)
  console.log(`         ${await databases.rowsInMas()} rows`)
  const wanted = await stateOf(postgres)
  await databases.emptyMas()
  const staged = await inStages(databases, names, mapping)
  const found = differing(wanted, await stateOf(postgres))
  if (found.length > 0) throw new Error(`The result of ${names.length} stages is another: ${found.join('; ')}`)
  console.log(`the same rows, indexes and constraints after ${names.length} cohorts`)
  console.log(`in stages ${staged.toFixed(1)} s, at once ${whole.toFixed(1)} s: ${(staged / whole).toFixed(1)} times`)
}

await onBenchServer(`${values.accounts} accounts in ${values.cohorts} cohorts`, values, async (postgres) => {
  const databases = await prepareDatabases(postgres, { accounts: Number(values.accounts), mas: undefined })
  await bench(postgres, databases)
  await databases.remove()
})
