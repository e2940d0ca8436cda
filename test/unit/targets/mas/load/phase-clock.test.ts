import { describe, expect, test } from 'vitest'
import { phaseClock } from '../../../../../src/targets/mas/load/phase-clock.ts'

/** A clock that is set by hand, milliseconds. */
const byHand = () => {
  let at = 0
  const clock = phaseClock(() => at)
  return {
    observe: (time: number, ...running: readonly string[]) => {
      at = time
      return clock.observe(running)
    },
    times: () => clock.times(),
  }
}

describe('the time of a load’s phases', () => {
  test('is nothing before anything began', () => {
    expect(byHand().times()).toEqual([])
  })

  test('reaches from the first start of a phase to its last end', () => {
    const clock = byHand()
    clock.observe(100, 'copy: users', 'copy: compat_sessions')
    clock.observe(150, 'copy: compat_sessions')
    clock.observe(400)
    expect(clock.times()).toEqual([{ phase: 'copy', milliseconds: 300 }])
  })

  test('counts a rest between two pieces of a phase, and what phases have in common twice', () => {
    const clock = byHand()
    clock.observe(0, 'copy: users')
    clock.observe(10, 'keys: users users_pkey')
    clock.observe(30, 'copy: user_emails', 'keys: users users_pkey')
    clock.observe(50, 'keys: users users_pkey')
    clock.observe(70)
    expect(clock.times()).toEqual([
      { phase: 'copy', milliseconds: 50 },
      { phase: 'keys', milliseconds: 60 },
    ])
  })

  test('is told in the order of a load, whatever began first, in whole milliseconds', () => {
    const clock = byHand()
    clock.observe(0.4, 'foreign keys: user_emails user_emails_user_id_fkey', 'indexes: users users_username_idx')
    clock.observe(10.8, 'copy: users')
    clock.observe(12)
    expect(clock.times()).toEqual([
      { phase: 'copy', milliseconds: 1 },
      { phase: 'indexes', milliseconds: 10 },
      { phase: 'foreign keys', milliseconds: 10 },
    ])
  })

  test('each phase is announced when it begins, and only then', () => {
    const clock = byHand()
    expect(clock.observe(0, 'copy: users', 'copy: user_emails')).toEqual(['copy'])
    expect(clock.observe(1, 'copy: user_emails', 'keys: users users_pkey')).toEqual(['keys'])
    expect(clock.observe(2, 'keys: users users_pkey')).toEqual([])
    expect(clock.observe(3, 'copy: compat_sessions')).toEqual([])
    expect(clock.observe(4)).toEqual([])
  })
})
