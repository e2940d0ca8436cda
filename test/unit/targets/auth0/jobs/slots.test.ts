import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openSlots } from '../../../../../src/targets/auth0/jobs/slots.ts'

const { signal } = new AbortController()

describe('slots', () => {
  it('let so many work at once, and the others in their order', async () => {
    const slots = openSlots(2)
    const begun: number[] = []
    const ends = Array.from({ length: 4 }, () => Promise.withResolvers<void>())
    const all = ends.map(({ promise }, index) =>
      slots.run(async () => {
        begun.push(index)
        await promise
      }, signal),
    )
    await turn()
    expect(begun).toEqual([0, 1])
    ends[1]?.resolve()
    await turn()
    expect(begun).toEqual([0, 1, 2])
    for (const { resolve } of ends) resolve()
    await Promise.all(all)
    expect(begun).toEqual([0, 1, 2, 3])
  })

  it('are free again after a failure', async () => {
    const slots = openSlots(1)
    await expect(slots.run(() => Promise.reject(new Error('no')), signal)).rejects.toThrow('no')
    expect(await slots.run(async () => 'next', signal)).toBe('next')
  })

  it('are not kept for who no longer waits', async () => {
    const slots = openSlots(1)
    const first = Promise.withResolvers<string>()
    const working = slots.run(() => first.promise, signal)
    const stop = new AbortController()
    const waiting = slots.run(async () => 'never', stop.signal)
    stop.abort(new Error('stopped'))
    await expect(waiting).rejects.toThrow('stopped')
    const third = slots.run(async () => 'third', signal)
    first.resolve('first')
    expect(await Promise.all([working, third])).toEqual(['first', 'third'])
  })
})
