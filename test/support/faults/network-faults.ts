import { setTimeout as sleep } from 'node:timers/promises'
import type { UnsteadyNetwork } from '../unsteady-network.ts'
import type { Fault, Strike } from './disturb.ts'
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

const cutSince = async (network: UnsteadyNetwork, cut: () => void | Promise<void>): Promise<Strike> => {
  const before = network.connectionsCut()
  await cut()
  return network.connectionsCut() > before ? 'hit' : 'missed'
}

/** All connections to one side end at once; well: where that side is needed no more. */
export const cut = (side: Side, ends: Fault['ends'] = 'told'): Fault => ({
  name: `the network to the ${side} is cut`,
  strike: async ({ road }) => {
    const { network } = sideOf(road, side)
    return cutSince(network, () => network.cut())
  },
  heal,
  ends,
})

/** They end in the middle of what a server sends. */
export const cutAfter = (side: Side, bytes: number): Fault => ({
  name: `the network to the ${side} is cut after ${bytes} bytes more`,
  strike: async ({ road, run }) => {
    const { network } = sideOf(road, side)
    return cutSince(network, async () => {
      network.cutAfter(bytes)
      await run.ended
    })
  },
  heal,
  ends: 'told',
})

/** Nothing comes through for a while. */
export const holdUp = (side: Side): Fault => ({
  name: `the network to the ${side} stands still for three seconds`,
  strike: async ({ road, run }) => {
    sideOf(road, side).network.holdUp()
    await sleep(3000)
    const strike = run.hasEnded() ? 'missed' : 'hit'
    await heal(road)
    return strike
  },
  heal,
  ends: 'well',
})

/** How long each wish to stop is waited for: the last one ends the process, whatever it waits for. */
const PATIENCE_MS = [3000, 12_000, 20_000]

/** Nothing comes through any more, and the administrator stops the run, as often as it takes. */
export const holdUpForEver = (side: Side): Fault => ({
  name: `the network to the ${side} stands still, and the run is stopped`,
  strike: async ({ road, run }) => {
    sideOf(road, side).network.holdUp()
    await sleep(1000)
    if (run.hasEnded()) return 'missed'
    for (const patience of PATIENCE_MS) {
      if (run.hasEnded()) break
      run.child.kill('SIGINT')
      await Promise.race([run.ended, sleep(patience)])
    }
    if (!run.hasEnded()) throw new Error(`Nothing stops the run: ${run.told()}`)
    return 'hit'
  },
  heal,
  ends: 'stopped',
})

export const slowDown = ({ source, target }: FaultRoad, bytesPerSecond: number): void => {
  source.network.slowDown(bytesPerSecond)
  target?.network.slowDown(bytesPerSecond)
}

/** As over a bad line. */
export const slow = (bytesPerSecond: number): Fault => ({
  name: `the networks to both sides carry ${bytesPerSecond / 1000} kB/s`,
  strike: async ({ road, run }) => {
    slowDown(road, bytesPerSecond)
    return run.hasEnded() ? 'missed' : 'hit'
  },
  heal,
  ends: 'well',
})
