import { setImmediate as soon } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { schedule, type Task } from '../../../../../src/targets/mas/load/schedule.ts'

/** Tasks that note when they begin and end, each resting for as many turns as it is told. */
const noting = () => {
  const events: string[] = []
  const task = (
    name: string,
    { lane = 'copy', after = [], turns = 1 }: Partial<Task> & { turns?: number } = {},
  ): Task => ({
    name,
    lane,
    after,
    work: async () => {
      events.push(`+${name}`)
      for (let turn = 0; turn < turns; turn++) await soon()
      events.push(`-${name}`)
    },
  })
  return { events, task }
}

const failing = (name: string, error: Error): Task => ({
  name,
  lane: 'copy',
  after: [],
  work: () => Promise.reject(error),
})

const LANES = ['copy', 'build'] as const

/** Tasks each of which may wait for any before it, so that they cannot wait for each other in a circle. */
const plans = fc.array(
  fc.record({
    lane: fc.constantFrom(...LANES),
    after: fc.array(fc.nat({ max: 11 }), { maxLength: 3 }),
    turns: fc.nat({ max: 4 }),
  }),
  { maxLength: 12 },
)

describe('a schedule', () => {
  test('begins in the order given, as far as a lane has room', async () => {
    const { events, task } = noting()
    await schedule([task('a'), task('b'), task('c')], { lanes: { copy: 1 } })
    expect(events).toEqual(['+a', '-a', '+b', '-b', '+c', '-c'])
  })

  test('lets a task pass those that wait for something', async () => {
    const { events, task } = noting()
    await schedule([task('a', { turns: 3 }), task('b', { after: ['a'] }), task('c', { lane: 'build' })], {
      lanes: { copy: 1, build: 1 },
    })
    expect(events).toEqual(['+a', '+c', '-c', '-a', '+b', '-b'])
  })

  test('gives a lane of which nothing is said room for one', async () => {
    const { events, task } = noting()
    await schedule([task('a'), task('b')], { lanes: {} })
    expect(events).toEqual(['+a', '-a', '+b', '-b'])
  })

  test('runs every task once, after those it waits for, and never more of a lane than there is room', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.integer({ min: 1, max: 3 }), async (plan, room) => {
        const { events, task } = noting()
        const tasks = plan.map(({ after, ...rest }, index) =>
          task(`${index}`, { ...rest, after: after.filter((other) => other < index).map(String) }),
        )
        await schedule(tasks, { lanes: { copy: room, build: 1 } })
        expect(events.toSorted()).toEqual(tasks.flatMap(({ name }) => [`+${name}`, `-${name}`]).toSorted())
        for (const { name, after } of tasks) {
          for (const other of after) expect(events.indexOf(`-${other}`)).toBeLessThan(events.indexOf(`+${name}`))
        }
        for (const lane of LANES) {
          const ofLane = new Set(tasks.filter((one) => one.lane === lane).map(({ name }) => name))
          let running = 0
          for (const event of events.filter((one) => ofLane.has(one.slice(1)))) {
            running += event.startsWith('+') ? 1 : -1
            expect(running).toBeLessThanOrEqual(lane === 'copy' ? room : 1)
          }
        }
      }),
    )
  })

  test('says what is under way, from nothing to nothing', async () => {
    const { task } = noting()
    const seen: (readonly string[])[] = []
    await schedule([task('a'), task('b', { after: ['a'] })], {
      lanes: { copy: 2 },
      onChange: (running) => void seen.push(running),
    })
    expect(seen).toEqual([['a'], [], ['b'], []])
  })

  test('after a failure begins nothing new, waits for what is under way, and raises the first failure', async () => {
    const { events, task } = noting()
    const first = new Error('first')
    const tasks = [
      task('slow', { turns: 5 }),
      failing('bad', first),
      failing('worse', new Error('second')),
      task('late'),
    ]
    await expect(schedule(tasks, { lanes: { copy: 3 } })).rejects.toBe(first)
    expect(events).toEqual(['+slow', '-slow'])
  })

  test('does not begin what waits for a task that failed', async () => {
    const { events, task } = noting()
    const error = new Error('no')
    await expect(schedule([failing('bad', error), task('next', { after: ['bad'] })], { lanes: {} })).rejects.toBe(error)
    expect(events).toEqual([])
  })

  test('raises when tasks wait for each other, or for one that nobody gave', async () => {
    const { task } = noting()
    const circle = [task('a', { after: ['b'] }), task('b', { after: ['a'] })]
    await expect(schedule(circle, { lanes: {} })).rejects.toThrow('a waits for b')
    await expect(schedule([task('a', { after: ['nobody'] })], { lanes: {} })).rejects.toThrow(TypeError)
  })
})
