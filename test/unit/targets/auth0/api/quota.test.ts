import { describe, expect, it } from 'vitest'
import { openQuota } from '../../../../../src/targets/auth0/api/quota.ts'
import { systemClock } from '../../../../../src/targets/http/clock.ts'
import { jumpingClock } from './jumping-clock.ts'

const never = new AbortController().signal

/** Milliseconds from the first to the last of so many that are let in and answered at once. */
const takes = async (quota: ReturnType<typeof openQuota>, count: number, now: () => number): Promise<number> => {
  const start = now()
  for (let turn = 0; turn < count; turn++) (await quota.turn('users write', never)).end()
  return now() - start
}

describe('requests to Auth0', () => {
  it.each([
    ['free', 2, 2],
    ['essentials', 20, 200 / 60],
    ['enterprise', 50, 16],
    ['enterprise-nonproduction', 10, 2],
  ] as const)('are let in on %s as its limit says: %d at once, then %d a second', async (plan, burst, perSecond) => {
    const clock = jumpingClock()
    const quota = openQuota({ plan, rate: { share: 1 } }, clock)

    expect(await takes(quota, burst, clock.now)).toBe(0)
    expect(await takes(quota, 60, clock.now)).toBeGreaterThanOrEqual(59_000 / perSecond)
    expect(await takes(quota, 60, clock.now)).toBeLessThan(62_000 / perSecond)
  })

  it('take no more than their share: others use the tenant too', async () => {
    const clock = jumpingClock()
    const quota = openQuota({ plan: 'essentials', rate: { share: 0.5 } }, clock)

    expect(await takes(quota, 10, clock.now)).toBe(0)
    expect(await takes(quota, 100, clock.now)).toBeGreaterThanOrEqual(59_000)
  })

  it('of other kinds do not wait for these where the plan counts them apart, and do where it counts all together', async () => {
    const waitsFor = async (plan: 'professional' | 'free'): Promise<number> => {
      const clock = jumpingClock()
      const quota = openQuota({ plan, rate: { share: 1 } }, clock)
      await takes(quota, plan === 'free' ? 2 : 20, clock.now)
      const start = clock.now()
      await quota.turn('users read', never)
      return clock.now() - start
    }

    expect(await waitsFor('professional')).toBe(0)
    expect(await waitsFor('free')).toBe(500)
  })

  it('wait longer where Auth0 says that less is left, and leave others their share of that', async () => {
    const clock = jumpingClock()
    const quota = openQuota({ plan: 'essentials', rate: { share: 0.8 } }, clock)
    const first = await quota.turn('users write', never)
    const start = clock.now()

    // Four of the five are for others: one is ours.
    first.end({ limit: 20, remaining: 5 })
    await quota.turn('users write', never)
    expect(clock.now() - start).toBe(0)
    await quota.turn('users write', never)
    expect(clock.now() - start).toBe(375)
  })

  it('that are under way are taken off what an answer says is left', async () => {
    const clock = jumpingClock()
    const quota = openQuota({ plan: 'essentials', rate: { share: 1 } }, clock)
    const [first] = [await quota.turn('users write', never), await quota.turn('users write', never)]
    const start = clock.now()

    first.end({ limit: 20, remaining: 1 })
    await quota.turn('users write', never)

    expect(clock.now() - start).toBe(300)
  })

  it('pause for as long as they are told to, in the order in which they came', async () => {
    const clock = jumpingClock()
    const quota = openQuota({ plan: 'enterprise', rate: { share: 1 } }, clock)
    const start = clock.now()
    quota.pause('users read', 5000)
    const order: string[] = []

    await Promise.all(
      ['first', 'second', 'third'].map(async (name) => {
        await quota.turn('users write', never)
        order.push(name)
      }),
    )

    expect(order).toEqual(['first', 'second', 'third'])
    expect(clock.now() - start).toBe(5000)
    expect(quota.waited()).toBe(5000)
  })

  it('let go of whoever stops at once, and let the others in as if they had not been there', async () => {
    const clock = jumpingClock()
    const quota = openQuota({ plan: 'free', rate: { share: 1 } }, clock)
    await takes(quota, 2, clock.now)
    const start = clock.now()
    const stop = new AbortController()
    const stopped = quota.turn('other', stop.signal)
    const stays = quota.turn('other', never)

    stop.abort(new Error('stopped'))

    await expect(stopped).rejects.toThrow('stopped')
    await stays
    expect(clock.now() - start).toBe(500)
  })

  it('leave no timer behind when the only one who waits stops, and may be asked for again', async () => {
    const quota = openQuota({ plan: 'free', rate: { share: 1 } }, systemClock)
    quota.pause('other', 3_600_000)
    const stop = new AbortController()
    const stopped = quota.turn('other', stop.signal)
    const timers = (): number => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
    await new Promise(setImmediate)
    const before = timers()

    stop.abort(new Error('stopped'))
    await expect(stopped).rejects.toThrow('stopped')
    await new Promise(setImmediate)

    expect(timers()).toBe(before - 1)
    const again = new AbortController()
    const waits = quota.turn('other', again.signal)
    again.abort(new Error('stopped again'))
    await expect(waits).rejects.toThrow('stopped again')
  })
})
