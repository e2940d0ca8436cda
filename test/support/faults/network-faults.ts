import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './disturb.ts'
import type { FaultRoad, FaultySide } from './fault-road.ts'

type Side = 'source' | 'target'

const sideOf = (road: FaultRoad, side: Side): FaultySide => {
  const found = road[side]
  if (found === undefined) throw new Error(`${road.name} has no database as its ${side}`)
  return found
}

const heal = async ({ source, target }: FaultRoad): Promise<void> => {
  source.network.heal()
  target?.network.heal()
}

/** All connections to one side end at once. */
export const cut = (side: Side): Fault => ({
  name: `the network to the ${side} is cut`,
  strike: async ({ road }) => sideOf(road, side).network.cut(),
  heal,
  ends: 'either',
})

/** They end in the middle of what a server sends. */
export const cutAfter = (side: Side, bytes: number): Fault => ({
  name: `the network to the ${side} is cut after ${bytes} bytes more`,
  strike: async ({ road }) => sideOf(road, side).network.cutAfter(bytes),
  heal,
  ends: 'either',
})

/** Nothing comes through for a while. */
export const holdUp = (side: Side): Fault => ({
  name: `the network to the ${side} stands still for three seconds`,
  strike: async ({ road }) => {
    sideOf(road, side).network.holdUp()
    await sleep(3000)
    await heal(road)
  },
  heal,
  ends: 'well',
})

/** How long each wish to stop is waited for: the last one ends the process, whatever it waits for. */
const PATIENCE_MS = [3000, 12_000, 3000]

/** Nothing comes through any more, and the administrator stops the run, as often as it takes. */
export const holdUpForEver = (side: Side): Fault => ({
  name: `the network to the ${side} stands still, and the run is stopped`,
  strike: async ({ road, run }) => {
    sideOf(road, side).network.holdUp()
    await sleep(1000)
    for (const patience of PATIENCE_MS) {
      if (run.hasEnded()) return
      run.child.kill('SIGINT')
      await Promise.race([run.ended, sleep(patience)])
    }
    if (!run.hasEnded()) throw new Error(`Nothing stops the run: ${run.told()}`)
  },
  heal,
  ends: 'stopped',
})

/** As over a bad line. */
export const slow = (bytesPerSecond: number): Fault => ({
  name: `the networks to both sides carry ${bytesPerSecond / 1000} kB/s`,
  strike: async ({ road }) => {
    road.source.network.slowDown(bytesPerSecond)
    road.target?.network.slowDown(bytesPerSecond)
  },
  heal,
  ends: 'well',
})
