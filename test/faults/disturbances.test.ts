import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ending, runBuiltProgram } from '../support/built-program.ts'
import { expectSurvived, type Fault } from '../support/faults/disturb.ts'
import type { FaultRoad } from '../support/faults/fault-road.ts'
import type { WayOn } from '../support/faults/go-on.ts'
import {
  clockMoved,
  folderDeleted,
  killedAfterABatch,
  killedAndClockSetBack,
  killedAndFolderDeleted,
  killedTwice,
  secondRun,
} from '../support/faults/machine-faults.ts'
import { type MasRoadName, type MasRoads, makeMasRoads } from '../support/faults/mas-roads.ts'
import { cut, cutAfter, holdUp, holdUpForEver, slow } from '../support/faults/network-faults.ts'
import { inTurn, KILLS_ASKED } from '../support/faults/seed.ts'
import { cancelStatements, deadlock, restart, timeLimits } from '../support/faults/server-faults.ts'
import { makeSlowFaultRoad, type SlowFaultRoad } from '../support/faults/slow-road.ts'

interface Rehearsal {
  readonly fault: Fault
  readonly road: MasRoadName | 'slow road'
  readonly point: string
  readonly way: WayOn
  /** Only in the long form. */
  readonly long?: true
}

const NETWORK: readonly Rehearsal[] = [
  { fault: cut('source'), road: 'load', point: 'copy', way: 'again' },
  { fault: cut('source'), road: 'online run', point: 'write', way: 'printed' },
  { fault: cut('source'), road: 'merge', point: 'find changes', way: 'printed', long: true },
  { fault: cut('source'), road: 'slow road', point: 'apply', way: 'printed' },
  { fault: cut('source'), road: 'slow road', point: 'decide', way: 'again', long: true },
  { fault: cut('source', 'well'), road: 'rollback of a merge', point: 'accounts', way: 'printed', long: true },
  { fault: cut('target'), road: 'load', point: 'copy', way: 'again' },
  { fault: cut('target'), road: 'load', point: 'build', way: 'resume', long: true },
  { fault: cut('target'), road: 'load', point: 'record', way: 'again', long: true },
  { fault: cut('target'), road: 'first copy', point: 'finish', way: 'resume', long: true },
  { fault: cut('target'), road: 'first copy', point: 'prove', way: 'again', long: true },
  { fault: cut('target'), road: 'first cohort', point: 'begin', way: 'again', long: true },
  { fault: cut('target'), road: 'first cohort', point: 'write', way: 'printed' },
  { fault: cut('target'), road: 'final run', point: 'prove', way: 'printed', long: true },
  { fault: cut('target'), road: 'merge', point: 'write', way: 'printed' },
  { fault: cut('target'), road: 'rollback of a merge', point: 'accounts', way: 'printed' },
  { fault: cut('target'), road: 'rollback of a final run', point: 'empty', way: 'printed', long: true },
  { fault: cutAfter('source', 20_000), road: 'first copy', point: 'copy', way: 'resume' },
  { fault: cutAfter('source', 20_000), road: 'later merge', point: 'write', way: 'again', long: true },
  { fault: cutAfter('target', 5000), road: 'later cohort', point: 'write', way: 'printed', long: true },
  { fault: holdUp('source'), road: 'merge', point: 'write', way: 'again' },
  { fault: holdUp('target'), road: 'load', point: 'copy', way: 'again', long: true },
  { fault: holdUp('target'), road: 'final run', point: 'write', way: 'again', long: true },
  { fault: holdUpForEver('source'), road: 'load', point: 'copy', way: 'again', long: true },
  { fault: holdUpForEver('target'), road: 'load', point: 'copy', way: 'again', long: true },
  { fault: holdUpForEver('target'), road: 'online run', point: 'write', way: 'printed' },
  { fault: slow(50_000), road: 'load', point: 'copy', way: 'again' },
  { fault: slow(50_000), road: 'online run', point: 'begin', way: 'again', long: true },
  { fault: slow(50_000), road: 'slow road', point: 'decide', way: 'again', long: true },
]

const SERVERS: readonly Rehearsal[] = [
  { fault: restart('source', 'fast'), road: 'load', point: 'copy', way: 'again', long: true },
  { fault: restart('source', 'fast'), road: 'slow road', point: 'apply', way: 'printed' },
  { fault: restart('source', 'immediate'), road: 'merge', point: 'write', way: 'printed', long: true },
  { fault: restart('target', 'fast'), road: 'online run', point: 'write', way: 'printed' },
  { fault: restart('target', 'fast'), road: 'rollback of a merge', point: 'accounts', way: 'printed', long: true },
  { fault: restart('target', 'immediate'), road: 'load', point: 'build', way: 'again' },
  { fault: restart('target', 'immediate'), road: 'first copy', point: 'finish', way: 'resume', long: true },
  { fault: restart('target', 'immediate'), road: 'first cohort', point: 'begin', way: 'again', long: true },
  { fault: restart('target', 'immediate'), road: 'final run', point: 'finish', way: 'printed', long: true },
  { fault: restart('target', 'immediate'), road: 'later merge', point: 'write', way: 'printed', long: true },
  { fault: cancelStatements('source'), road: 'load', point: 'copy', way: 'again', long: true },
  { fault: cancelStatements('source'), road: 'online run', point: 'find changes', way: 'printed', long: true },
  { fault: cancelStatements('target'), road: 'load', point: 'build', way: 'again', long: true },
  { fault: cancelStatements('target'), road: 'merge', point: 'write', way: 'printed' },
  { fault: timeLimits, road: 'load', point: 'copy', way: 'again', long: true },
  { fault: timeLimits, road: 'final run', point: 'begin', way: 'again' },
  { fault: timeLimits, road: 'rollback of a merge', point: 'accounts', way: 'again', long: true },
  { fault: timeLimits, road: 'slow road', point: 'decide', way: 'again', long: true },
  { fault: deadlock, road: 'later merge', point: 'begin', way: 'again' },
]

const MACHINE: readonly Rehearsal[] = [
  { fault: secondRun, road: 'online run', point: 'write', way: 'again' },
  { fault: secondRun, road: 'merge', point: 'write', way: 'again', long: true },
  { fault: secondRun, road: 'rollback of a merge', point: 'accounts', way: 'again', long: true },
  { fault: secondRun, road: 'slow road', point: 'apply', way: 'again', long: true },
  { fault: clockMoved(1000), road: 'load', point: 'copy', way: 'again', long: true },
  { fault: clockMoved(-1000), road: 'online run', point: 'begin', way: 'again' },
  { fault: clockMoved(-1000), road: 'slow road', point: 'decide', way: 'again', long: true },
  { fault: killedAfterABatch, road: 'online run', point: 'write', way: 'resume' },
  { fault: killedAfterABatch, road: 'merge', point: 'write', way: 'again', long: true },
  { fault: killedAfterABatch, road: 'later cohort', point: 'write', way: 'status' },
  { fault: killedAfterABatch, road: 'slow road', point: 'apply', way: 'resume' },
  { fault: killedTwice, road: 'slow road', point: 'apply', way: 'status' },
  { fault: killedTwice, road: 'online run', point: 'write', way: 'resume', long: true },
  { fault: killedAndClockSetBack, road: 'slow road', point: 'apply', way: 'resume' },
  { fault: killedAndClockSetBack, road: 'merge', point: 'write', way: 'resume', long: true },
  { fault: folderDeleted('well'), road: 'load', point: 'copy', way: 'again', long: true },
  { fault: folderDeleted('well'), road: 'final run', point: 'write', way: 'again' },
  { fault: folderDeleted('well'), road: 'merge', point: 'write', way: 'again', long: true },
  { fault: folderDeleted('told'), road: 'slow road', point: 'apply', way: 'again' },
  { fault: killedAndFolderDeleted, road: 'first copy', point: 'build', way: 'resume', long: true },
  { fault: killedAndFolderDeleted, road: 'merge', point: 'write', way: 'resume' },
  { fault: killedAndFolderDeleted, road: 'slow road', point: 'apply', way: 'again' },
]

let mas: MasRoads
let slowRoad: SlowFaultRoad
const undisturbed = new Map<string, unknown>()
const table: string[] = []

const roadOf = (name: Rehearsal['road']): FaultRoad => (name === 'slow road' ? slowRoad : mas.road(name))

/** What a run of the road leaves that nobody disturbs. */
const undisturbedOf = async (road: FaultRoad): Promise<unknown> => {
  if (!undisturbed.has(road.name)) {
    await road.reset()
    expect(ending(await runBuiltProgram(road.command, { folder: road.folder }), 0)).toBe('exit 0')
    undisturbed.set(road.name, await road.state())
  }
  return undisturbed.get(road.name)
}

beforeAll(async () => {
  mas = await makeMasRoads({ accounts: 300 })
  slowRoad = await makeSlowFaultRoad({ accounts: 150 })
}, 300_000)

afterAll(async () => {
  console.log(['', 'fault | run | point | how it ended', ...table].join('\n'))
  await slowRoad?.close()
  await mas?.close()
})

const rehearsed = (all: readonly Rehearsal[]) =>
  all
    .filter(({ long }) => long === undefined || KILLS_ASKED !== undefined)
    .map((one) => [one.fault.name, one.road, one.point, one] as const)

const expectRehearsed = async ({ fault, road: name, point, way }: Rehearsal): Promise<void> => {
  const road = roadOf(name)
  const how = await expectSurvived({ road, fault, point, way, undisturbed: await undisturbedOf(road) })
  table.push(`${fault.name} | ${name} | ${point} | ${how}`)
}

describe('a run comes to the same end as one that nobody disturbed, although', { timeout: 300_000 }, () => {
  it.each(inTurn('NETWORK', rehearsed(NETWORK)))('%s (%s, %s)', (_fault, _road, _point, one) => expectRehearsed(one))
  it.each(inTurn('SERVERS', rehearsed(SERVERS)))('%s (%s, %s)', (_fault, _road, _point, one) => expectRehearsed(one))
  it.each(inTurn('MACHINE', rehearsed(MACHINE)))('%s (%s, %s)', (_fault, _road, _point, one) => expectRehearsed(one))
})
