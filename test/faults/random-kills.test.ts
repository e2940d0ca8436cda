import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type KillScale, killRandomly } from '../support/faults/kill-randomly.ts'
import { type MasRoadName, type MasRoads, makeMasRoads } from '../support/faults/mas-roads.ts'
import { KILLS_ASKED, SEED } from '../support/faults/seed.ts'
import { makeSlowFaultRoad, type SlowFaultRoad } from '../support/faults/slow-road.ts'

const SCALE: KillScale & { readonly accounts: number } =
  KILLS_ASKED === undefined
    ? { accounts: 300, kills: 4, inEachPhase: 1 }
    : { accounts: 900, kills: Number(KILLS_ASKED), inEachPhase: Math.floor(Number(KILLS_ASKED) / 10) }

const GROUPS: Readonly<Record<string, readonly MasRoadName[]>> = {
  'into an empty MAS': ['load', 'first copy'],
  'into a copy aside': ['final run', 'online run', 'later cohort', 'first cohort'],
  'beside people': ['merge', 'rollback of a merge', 'rollback of a final run'],
}

let mas: MasRoads
let slow: SlowFaultRoad
const table: string[] = []

beforeAll(async () => {
  console.log(`seed ${SEED} (SYN2OP_TEST_SEED)`)
  mas = await makeMasRoads({ accounts: SCALE.accounts })
  slow = await makeSlowFaultRoad({ accounts: 150 })
}, 300_000)

afterAll(async () => {
  console.log(['', 'group | run | phase | kills that hit it', ...table].join('\n'))
  await slow?.close()
  await mas?.close()
})

describe(`a run that is killed at any instant ends, once it is gone on with, as one that nobody killed (${SCALE.kills} kills each)`, () => {
  const timeout = 300_000 + SCALE.kills * 60_000

  it.each(Object.entries(GROUPS))('%s', { timeout }, async (group, names) => {
    table.push(...(await killRandomly(group, names.map(mas.road), SCALE)))
    expect(table).not.toEqual([])
  })

  it('account by account, into a target without a database', { timeout }, async () => {
    table.push(...(await killRandomly('account by account', [slow], SCALE)))
    expect(table).not.toEqual([])
  })
})
