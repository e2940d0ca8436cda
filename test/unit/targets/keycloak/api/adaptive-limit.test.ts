import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openAdaptiveLimit } from '../../../../../src/targets/keycloak/api/adaptive-limit.ts'

/** Does up to four at once in the time of one; more of them wait for each other, and hinder each other. */
const serverForFour = () => {
  let atWork = 0
  return async (): Promise<void> => {
    atWork++
    const tookMs = atWork <= 4 ? 50 : 50 * (atWork / 3)
    await new Promise((resolve) => setTimeout(resolve, tookMs))
    atWork--
  }
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

describe('a limit that adapts to the server', () => {
  it('comes to work near what the server does best at once', async () => {
    const limit = openAdaptiveLimit()
    const ask = serverForFour()
    const asked = Promise.all(Array.from({ length: 6000 }, () => limit.run(ask, 20)))
    const seen: number[] = []
    for (let second = 0; second < 60; second++) {
      await vi.advanceTimersByTimeAsync(1000)
      seen.push(limit.concurrency())
    }
    const later = seen.slice(20)

    expect(later.filter((concurrency) => concurrency === 4).length).toBeGreaterThan(later.length / 2)
    await vi.runAllTimersAsync()
    await asked
  })

  it('learns nothing from work that comes one by one', async () => {
    const limit = openAdaptiveLimit()
    const ask = serverForFour()
    const oneByOne = (async () => {
      for (let piece = 0; piece < 200; piece++) await limit.run(ask)
    })()
    await vi.runAllTimersAsync()
    await oneByOne

    expect(limit.concurrency()).toBe(2)
  })

  it('gives back what the work returns or throws, and goes on after an error', async () => {
    const limit = openAdaptiveLimit()

    expect(await limit.run(async () => 'done')).toBe('done')
    await expect(limit.run(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
    expect(await limit.run(async () => 'done again')).toBe('done again')
  })
})
