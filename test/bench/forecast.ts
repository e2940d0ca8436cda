/**
 * Holds the forecast of `plan` against the `migrate` that comes right after it, into an empty MAS, at several sizes; the two
 * take turns in one run on one machine.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { planSchema, runSchema } from '../../src/report/schema/documents.ts'
import { AS_OF, prepareDatabases } from './bench-databases.ts'
import { onBenchServer, SERVER_FLAGS } from './bench-server.ts'

const { values } = parseArgs({
  options: {
    'accounts': { type: 'string', default: '10000,100000,500000' },
    'rounds': { type: 'string', default: '2' },
    ...SERVER_FLAGS,
  },
})

const PROGRAM = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

/** Runs the built program, whose result is one JSON document. @throws Error with what it said. */
const runProgram = (args: readonly string[]): unknown => {
  const { stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args, '--json'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  try {
    return JSON.parse(stdout)
  } catch (cause) {
    throw new Error(`${args[0]} said: ${stderr.slice(-3000)}`, { cause })
  }
}

await onBenchServer(`${values.accounts} accounts`, values, async (postgres) => {
  for (const accounts of values.accounts.split(',').map(Number)) {
    const databases = await prepareDatabases(postgres, { accounts, mas: undefined })
    const { homeserver, mas } = databases.files
    const accepted = ['all-warnings', 'SYNAPSE_RUNNING', 'SYNAPSE_BACKGROUND_UPDATES']
    const flags = [
      `--synapse-config=${homeserver}`,
      `--target-config=${mas}`,
      `--runs-dir=${databases.folder}`,
      AS_OF,
      ...accepted.map((code) => `--accept=${code}`),
    ]
    for (let round = 0; round < Number(values.rounds); round++) {
      await databases.emptyMas()
      const { forecast } = planSchema.parse(runProgram(['plan', ...flags]))
      const run = runSchema.parse(runProgram(['migrate', '--yes', ...flags]))
      if (forecast === undefined) throw new Error('the plan has no forecast')
      const took = run.milliseconds / 1000
      console.log(
        `${accounts} accounts: foretold ${forecast.seconds.toFixed(1)} s, took ${took.toFixed(1)} s, ratio ${(forecast.seconds / took).toFixed(2)}`,
      )
    }
    await databases.remove()
  }
})
