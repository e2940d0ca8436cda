import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { EVERYBODY } from '../../../../src/migration/slow-road/looked-at.ts'
import { planBatches } from '../../../../src/migration/slow-road/plan-batches.ts'
import { memoryTarget } from '../../../../src/targets/memory/memory-target.ts'
import { memoryPeople } from '../../../../src/targets/memory/people.ts'
import type { Target } from '../../../../src/targets/target.ts'
import { leftSource, readerOfNobody } from '../../../support/migration/left-source.ts'

const SIX = ['a', 'b', 'c', 'd', 'e', 'f'].map((localpart) => `@${localpart}:example.org`)

/** Plans over six accounts, two batches at a time, each of one account. */
const planSix = async (
  plan: (mxid: string, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly string[]> => {
  const target: Target = {
    ...memoryTarget(memoryPeople()),
    batchSize: 1,
    plan: async ({ ordinal, accounts }, { signal: stop }) => {
      for (const { mxid } of accounts) await plan(mxid, stop)
      const changes = accounts.map(({ mxid }) => ({ mxid, change: 'create', rows: [] }) as const)
      return { batch: ordinal, accounts: changes, discard: async () => {} }
    },
  }
  const told: string[] = []
  await planBatches({ target, readers: [readerOfNobody, readerOfNobody] }, leftSource, {
    gone: new Set(SIX),
    looked: EVERYBODY,
    signal,
    progress: { advance: () => {} },
    planned: (changes) => void told.push(...changes.map(({ mxid }) => mxid)),
  })
  return told
}

describe('a plan over everybody, batch by batch', () => {
  it('tells of everybody once', async () => {
    const told = await planSix(async (mxid) => sleep(mxid === SIX[0] ? 20 : 1))
    expect(told.toSorted()).toEqual(SIX)
  })

  it('stops the batches that are under way when one fails, and begins no other', async () => {
    const [begun, stopped]: [string[], string[]] = [[], []]
    const plan = planSix(async (mxid, signal) => {
      begun.push(mxid)
      if (mxid === SIX[1]) throw new Error('the second fails')
      await sleep(60_000, undefined, { signal }).catch(async () => {
        await sleep(10)
        stopped.push(mxid)
      })
      signal.throwIfAborted()
    })
    await expect(plan).rejects.toThrow('the second fails')
    expect(begun).toEqual(SIX.slice(0, 2))
    expect(stopped).toEqual(SIX.slice(0, 1))
  })

  it('ends with the stop that was asked for, once the batches that were under way have ended', async () => {
    const stop = new AbortController()
    let underWay = 0
    const plan = planSix(async (mxid, signal) => {
      underWay++
      if (mxid === SIX[1]) stop.abort(new Error('Ctrl-C'))
      await sleep(60_000, undefined, { signal }).catch(() => sleep(10))
      underWay--
      signal.throwIfAborted()
    }, stop.signal)
    await expect(plan).rejects.toThrow('Ctrl-C')
    expect(underWay).toBe(0)
  })
})
