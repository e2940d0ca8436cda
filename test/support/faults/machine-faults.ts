import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect } from 'vitest'
import { EXIT } from '../../../src/errors/exit-codes.ts'
import { ending, type RunningProgram, runBuiltProgram, startBuiltProgram } from '../built-program.ts'
import type { Fault, Strike } from './disturb.ts'
import { type FaultRoad, nextCommand } from './fault-road.ts'
import { untilPhase } from './watch-phases.ts'

const DAY = 24 * 60 * 60 * 1000

/** The program's clock off by so many days, in another zone than the servers'. */
export const movedClock = (days: number): Readonly<Record<string, string>> => ({
  TZ: 'Pacific/Kiritimati',
  SYN2OP_TEST_CLOCK_MS: String(days * DAY),
  NODE_OPTIONS: `--import=${pathToFileURL(fileURLToPath(new URL('shift-clock.mjs', import.meta.url))).href}`,
})

export const clockMoved = (days: number): Fault => ({
  name: `the clock is ${Math.abs(days)} days ${days < 0 ? 'behind' : 'ahead'}, in another time zone`,
  env: movedClock(days),
  ends: 'well',
})

/** A run that has nothing left to do, but to say so, keeps nobody away. */
const holdsLock = async ({ target }: FaultRoad, { child }: RunningProgram): Promise<boolean> => {
  if (target === undefined) return true
  const holders = await target.postgres.execute(
    'postgres',
    `SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND granted AND application_name LIKE 'syn2op ${child.pid}@%'`,
  )
  return holders.length > 0
}

/** Another one is kept away by the first, which rests for a moment, so that both are there at the same time. */
export const secondRun: Fault = {
  name: 'a second run is started',
  strike: async ({ road, run }) => {
    if (!run.child.kill('SIGSTOP')) return 'missed'
    if (!(await holdsLock(road, run))) {
      run.child.kill('SIGCONT')
      return 'missed'
    }
    const second = await runBuiltProgram(road.command, { folder: road.folder })
    run.child.kill('SIGCONT')
    expect(ending(second, EXIT.unavailable)).toBe(`exit ${EXIT.unavailable}`)
    expect(second.stderr).toContain('(target.locked)')
    expect(second.stderr).toContain(`process ${run.child.pid} on `)
    return 'hit'
  },
  ends: 'well',
}

export const folderDeleted = (ends: Fault['ends']): Fault => ({
  name: "the runs' folder is deleted",
  strike: async ({ road, run }) => {
    // The run may write a file anew between that file's end and the folder's.
    await rm(road.runs, { recursive: true, force: true, maxRetries: 20, retryDelay: 1 })
    return run.hasEnded() ? 'missed' : 'hit'
  },
  ends,
  says:
    ends === 'well' ? /^The record of this run in .+ ends here: .{5,}\. The run goes on\.$/m : /\(run\.unwritable\)$/m,
})

const killed = async (run: RunningProgram): Promise<Strike> => {
  run.child.kill('SIGKILL')
  return (await run.ended).signal === 'SIGKILL' ? 'hit' : 'missed'
}

/** And after it what it had written down of itself is deleted. */
export const killedAndFolderDeleted: Fault = {
  name: "the run is killed, and the runs' folder deleted",
  strike: async ({ road, run }) => {
    const strike = await killed(run)
    await rm(road.runs, { recursive: true, force: true })
    return strike
  },
  ends: 'told',
}

/** The clock was right while the run was at work, and is set back before it is gone on with. */
export const killedAndClockSetBack: Fault = {
  name: 'the run is killed, and the clock set back by 1000 days',
  strike: ({ run }) => killed(run),
  envAfter: movedClock(-1000),
  ends: 'told',
}

/** The command that goes on with it is killed too, in the first thing that it does. */
export const killedTwice: Fault = {
  name: 'the run is killed, and once more as it is gone on with',
  strike: async ({ road, run }) => {
    if ((await killed(run)) === 'missed' || !(await road.isUnfinished())) return 'missed'
    const second = startBuiltProgram(nextCommand(road, 'resume'), { folder: road.folder })
    await untilPhase(second, road.phases, road.phases[0] ?? '')
    return killed(second)
  },
  ends: 'told',
}

const batchesToldOf = async (runs: string): Promise<number> => {
  const names = await readdir(runs).catch(() => [])
  const events = await Promise.all(
    names.map((name) => readFile(join(runs, name, 'events.ndjson'), 'utf8').catch(() => '')),
  )
  return events.join('').split('"event":"batch"').length - 1
}

/** As soon as it has told of a batch that is done. */
export const killedAfterABatch: Fault = {
  name: 'the run is killed when it has told of its first batch',
  strike: async ({ road, run }) => {
    while (!run.hasEnded() && (await batchesToldOf(road.runs)) === 0) await sleep(1)
    return killed(run)
  },
  ends: 'told',
}
