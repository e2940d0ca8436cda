import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { EXIT } from '../../../src/errors/exit-codes.ts'
import type { RunDocument } from '../../../src/report/documents.ts'
import { runSchema } from '../../../src/report/schema/documents.ts'
import { type ProgramEnd, runBuiltProgram, startBuiltProgram } from '../built-program.ts'
import type { KeycloakStage } from './keycloak-stage.ts'

/** A run that came to its end, whether or not the target refused some. */
export const readRun = ({ code, stdout, stderr }: ProgramEnd): RunDocument => {
  expect([EXIT.done, EXIT.someRejected], `${stderr}\n${stdout}`).toContain(code)
  return runSchema.parse(JSON.parse(stdout))
}

/** What became of accounts that were not plainly created or unchanged, a line for each: of a run that did not go on with another. */
export const toldOfAccounts = async ({ demo }: KeycloakStage, { runId }: RunDocument): Promise<readonly string[]> => {
  const lines = await readFile(join(demo.runs, runId, 'accounts.ndjson'), 'utf8')
  return lines.split('\n').filter((line) => line !== '')
}

export const migrateUndisturbed = async ({ demo: { flags, asOf } }: KeycloakStage): Promise<ProgramEnd> =>
  runBuiltProgram(['migrate', '--yes', '--json', ...flags, asOf])

/** Looks this often for how many are there. */
const LOOK_EVERY_MS = 20

interface Kills {
  /** How many users a run makes that nobody disturbs. */
  readonly created: number
  /** After which parts of them it is killed, each a number from 0 to 1, the smallest first. */
  readonly moments: readonly number[]
}

/** How often all of it is tried where a run had ended before it was killed, on a busy machine. */
const TRIES = 5

/**
 * Moves everybody by a run that is killed at each of these moments and gone on with by `--resume`. Where a run ended before its
 * moment was seen, all begins anew with earlier ones.
 * @returns the end of the last one.
 */
export const migrateKilled = async (stage: KeycloakStage, { created, moments }: Kills): Promise<ProgramEnd> => {
  for (let late = 0; late < TRIES; late++) {
    const sooner = moments.map((moment) => moment * 0.6 ** late)
    if (await wasKilledAtEach(stage, { created, moments: sooner })) {
      return runBuiltProgram(['migrate', '--yes', '--json', '--resume', ...stage.demo.flags])
    }
    await stage.reset()
  }
  throw new Error(`${TRIES} times a run ended before it was killed`)
}

/** Whether each kill met a run. */
const wasKilledAtEach = async (stage: KeycloakStage, { created, moments }: Kills): Promise<boolean> => {
  const { flags, asOf } = stage.demo
  for (const [kill, moment] of moments.entries()) {
    // A resumed run has its as-of time already.
    const run = startBuiltProgram(['migrate', '--yes', ...flags, kill === 0 ? asOf : '--resume'])
    const enough = stage.strangers.size + created * moment
    while (!run.hasEnded() && (await stage.users()) < enough) await sleep(LOOK_EVERY_MS)
    run.child.kill('SIGKILL')
    const { signal, code, stderr } = await run.ended
    if (signal !== 'SIGKILL') {
      expect([EXIT.done, EXIT.someRejected], stderr).toContain(code)
      return false
    }
    console.log(`kill ${kill + 1}: ${(await stage.users()) - stage.strangers.size} of ${created} were there`)
  }
  return true
}
