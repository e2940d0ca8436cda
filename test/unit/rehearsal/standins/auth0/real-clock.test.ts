import { describe, expect, it } from 'vitest'
import { realClock } from '../../../../../src/rehearsal/standins/auth0/clock.ts'

const HOUR = 3_600_000

describe('the real clock', () => {
  it('has the time of this machine', () => {
    expect(Math.abs(realClock().now() - Date.now())).toBeLessThan(60_000)
  })

  it('runs as many times as fast as it is told to', async () => {
    const clock = realClock({ speed: 360_000 })
    const started = clock.now()
    await clock.sleep(2 * HOUR)
    expect(clock.now() - started).toBeGreaterThanOrEqual(2 * HOUR - 2 * 360_000)
  })

  it('stops a sleep with the reason of its signal', async () => {
    const clock = realClock()
    const stop = new AbortController()
    const asleep = clock.sleep(HOUR, stop.signal)
    stop.abort(new Error('stopped'))
    await expect(asleep).rejects.toThrow('stopped')
    await expect(clock.sleep(HOUR, stop.signal)).rejects.toThrow('stopped')
  })
})
