import { rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ending, runBuiltProgram } from '../support/built-program.ts'
import { mountSmallDisk, noSmallDisk, type SmallDisk, tablespaceFolder } from '../support/faults/disk-faults.ts'
import { expectSurvived, type Fault } from '../support/faults/disturb.ts'
import type { FaultRoad } from '../support/faults/fault-road.ts'
import type { WayOn } from '../support/faults/go-on.ts'
import { type MasRoadName, type MasRoads, makeMasRoads } from '../support/faults/mas-roads.ts'
import { makeSlowFaultRoad, type SlowFaultRoad } from '../support/faults/slow-road.ts'

const without = noSmallDisk()

let mas: MasRoads
let slowRoad: SlowFaultRoad
let forRuns: SmallDisk
let forMas: SmallDisk
const table: string[] = []

/** The folder of the runs is on a disk that becomes full. */
const runsDisk = (ends: Fault['ends']): Fault => ({
  name: "the runs' disk is full",
  prepare: async ({ runs }) => {
    await forRuns.empty()
    await rm(runs, { recursive: true, force: true })
    await symlink(forRuns.folder, runs)
  },
  strike: async ({ run }) => {
    await forRuns.fill()
    return run.hasEnded() ? 'missed' : 'hit'
  },
  heal: () => forRuns.free(),
  ends,
  says: /disk is full|Make room/,
})

const onSmallDisk = async ({ target }: FaultRoad): Promise<void> => {
  await target?.postgres.execute('postgres', `ALTER DATABASE ${target.database} SET TABLESPACE small`)
}

/** MAS's database is on a disk that becomes full. */
const targetDisk: Fault = {
  name: "the target's disk is full",
  prepare: onSmallDisk,
  strike: async ({ run }) => {
    await forMas.fill(16_384)
    return run.hasEnded() ? 'missed' : 'hit'
  },
  heal: () => forMas.free(),
  ends: 'told',
  // Its SQLSTATE: the words depend on the system.
  says: /53100/,
}

/** It has room for the begin of a load, and not for all of it: a load is too fast to be overtaken by a disk. */
const nearlyFullTargetDisk: Fault = {
  name: "the target's disk has room for less than is copied",
  prepare: async (road) => {
    await onSmallDisk(road)
    await forMas.fill(500_000)
  },
  heal: () => forMas.free(),
  ends: 'told',
  says: /53100/,
}

beforeAll(async () => {
  if (without !== undefined) return
  mas = await makeMasRoads({ accounts: 300 })
  slowRoad = await makeSlowFaultRoad({ accounts: 150 })
  forRuns = await mountSmallDisk(1)
  forMas = await mountSmallDisk(100, join(mas.target.postgres.socketFolder, '..'))
  const folder = await tablespaceFolder(forMas)
  await mas.target.postgres.execute('postgres', `CREATE TABLESPACE small LOCATION '${folder}'`)
}, 300_000)

afterAll(async () => {
  console.log(['', 'fault | run | point | how it ended', ...table].join('\n'))
  await slowRoad?.close()
  await mas?.close()
  await forRuns?.remove()
  await forMas?.remove()
})

const expectRehearsed = async (road: FaultRoad, fault: Fault, point: string, way: WayOn): Promise<void> => {
  await road.reset()
  expect(ending(await runBuiltProgram(road.command, { folder: road.folder }), 0)).toBe('exit 0')
  const undisturbed = await road.state()
  const how = await expectSurvived({ road, fault, point, way, undisturbed })
  table.push(`${fault.name} | ${road.name} | ${point} | ${how}`)
}

const why = without === undefined ? '' : ` (${without})`

describe.skipIf(without !== undefined)(`a full disk [mount]${why}`, { timeout: 300_000 }, () => {
  it.each<[MasRoadName, string]>([
    ['load', 'copy'],
    ['merge', 'write'],
  ])("of the runs: %s (%s) goes on without a record, since MAS's journal has it", (name, point) =>
    expectRehearsed(mas.road(name), runsDisk('well'), point, 'again'),
  )

  it('of the runs: the slow road, whose journal is there, says so, and goes on when there is room', () =>
    expectRehearsed(slowRoad, runsDisk('told'), 'apply', 'printed'))

  it('of MAS: load says so, and begins again when there is room', () =>
    expectRehearsed(mas.road('load'), nearlyFullTargetDisk, 'copy', 'again'))

  it.each<[MasRoadName, string, WayOn]>([
    ['online run', 'find changes', 'printed'],
    ['merge', 'find changes', 'printed'],
  ])('of MAS: %s (%s) says so, and goes on when there is room', (name, point, way) =>
    expectRehearsed(mas.road(name), targetDisk, point, way),
  )
})
