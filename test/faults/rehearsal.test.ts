import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningProgram, untilTold } from '../support/built-program.ts'
import { makeRehearsalPlace, type RehearsalPlace } from '../support/rehearsal/rehearse-program.ts'

let place: RehearsalPlace
beforeAll(async () => {
  place = await makeRehearsalPlace()
})
afterAll(() => place.remove())

/** Enough people that each step can be met in the midst of it. */
const ARGUMENTS = ['--demo', '--accounts=3000', '--damage=none', '--require=local']

/** What it says when it is there. */
const POINTS = ['Making a homeserver', 'migrate: ', 'roll back: '] as const

/** Processes that a rehearsal of this place has begun. */
const processes = (): readonly string[] =>
  execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(place.temporary) && line.includes('postgres'))

/**
 * Stops it where it has said so, for as long as others look at its processes: else it may have ended meanwhile.
 * @returns lets it go on.
 */
const haltedAt = async (run: RunningProgram, words: string): Promise<() => void> => {
  await untilTold(run, words)
  run.child.kill('SIGSTOP')
  return () => void run.child.kill('SIGCONT')
}

const untilNone = async (): Promise<readonly string[]> => {
  for (let attempt = 0; attempt < 400 && processes().length > 0; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return processes()
}

describe.each(POINTS)('a rehearsal that is stopped when it has said “%s”', (words) => {
  it('by Ctrl-C ends with 130 and leaves nothing', async () => {
    const run = place.start(ARGUMENTS)
    const goOn = await haltedAt(run, words)
    expect(processes()).not.toEqual([])
    run.child.kill('SIGINT')
    goOn()
    const { code } = await run.ended
    expect(code).toBe(130)
    expect(await untilNone()).toEqual([])
    expect(await place.leftOver()).toEqual([])
  })

  it('by kill -9, its guards too, leaves nothing that the next command does not find', async () => {
    const run = place.start(ARGUMENTS)
    await haltedAt(run, words)
    expect(processes()).not.toEqual([])
    // The guard is a child with our name in its arguments: it must not be able to help.
    const guards = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes('guard') && line.includes('syn2op-rehearsed-'))
      .map((line) => Number.parseInt(line, 10))
    expect(guards.length).toBeGreaterThan(0)
    for (const pid of [...guards, run.child.pid ?? 0]) process.kill(pid, 'SIGKILL')
    await run.ended
    expect(await place.leftOver()).not.toEqual([])
    const cleaned = await place.start(['--clean', 'all']).ended
    expect(cleaned.code).toBe(0)
    expect(await untilNone()).toEqual([])
    expect(await place.leftOver()).toEqual([])
  })
})
