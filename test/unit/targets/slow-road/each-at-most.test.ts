import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { eachAtMost } from '../../../../src/targets/slow-road/each-at-most.ts'

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n)

describe('work that is done for each of some, so many at a time', () => {
  it('tells what came of each in their order, whichever ends first', async () => {
    const told = await eachAtMost(3, [30, 5, 1, 10], async (ms) => {
      await sleep(ms)
      return `${ms} ms`
    })
    expect(told).toEqual(['30 ms', '5 ms', '1 ms', '10 ms'])
  })

  it('is under way for no more than that at once', async () => {
    let [now, most] = [0, 0]
    await eachAtMost(4, numbers(20), async () => {
      most = Math.max(most, ++now)
      await sleep(1)
      now--
    })
    expect(most).toBe(4)
  })

  it('is nothing for nobody', async () => {
    expect(await eachAtMost(4, [], async () => 'done')).toEqual([])
  })

  it('begins for nobody else after a failure, and fails only once all is over that was under way', async () => {
    const [begun, ended]: [number[], number[]] = [[], []]
    const work = eachAtMost(3, numbers(20), async (n) => {
      begun.push(n)
      if (n === 1) throw new Error('the second fails')
      await sleep(20)
      ended.push(n)
    })
    await expect(work).rejects.toThrow('the second fails')
    expect(begun).toEqual([0, 1, 2])
    expect(ended).toEqual([0, 2])
    await sleep(30)
    expect(begun).toHaveLength(3)
  })

  it('fails with the first error of several', async () => {
    const work = eachAtMost(2, numbers(2), async (n) => {
      await sleep(n * 10)
      throw new Error(n === 0 ? 'the first' : 'the second')
    })
    await expect(work).rejects.toThrow('the first')
  })
})
