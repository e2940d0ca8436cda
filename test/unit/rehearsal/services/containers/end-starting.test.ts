import { expect, it, vi } from 'vitest'
import { endStarting } from '../../../../../src/rehearsal/services/containers/end-starting.ts'

/** A start that was given up, an engine that makes its container late, and what happened in its order. */
const givenUp = () => {
  const happened: string[] = []
  const engine = { has: false }
  const { promise: starting, resolve, reject } = Promise.withResolvers<unknown>()
  starting.catch(() => {})
  return {
    happened,
    engine,
    fail: () => reject(new Error('no such container')),
    finish: () => resolve(undefined),
    asked: {
      image: 'postgres:17',
      starting,
      remove: async () => {
        if (engine.has) happened.push('removed')
        engine.has = false
      },
      gone: async () => void happened.push('gone'),
      note: (message: string) => void happened.push(message),
    },
  }
}

it('a container whose image is still being fetched is gone for its lease only when it has been made and removed', async () => {
  const { happened, engine, asked, finish } = givenUp()
  const ended = endStarting(asked, { silence: 5000, patience: 5000 })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(happened).toEqual([])
  engine.has = true
  finish()
  await ended
  expect(happened).toEqual(['removed', 'gone'])
})

it('a container that never gets ready is removed as soon as it is made', async () => {
  const { happened, engine, asked, fail } = givenUp()
  engine.has = true
  const ended = endStarting(asked, { silence: 5000, patience: 5000 })
  await vi.waitFor(() => expect(happened).toEqual(['removed']))
  fail()
  await ended
  expect(happened).toEqual(['removed', 'gone'])
})

it('whoever waits is told what for, and does not wait for ever: its lease knows of it until then', async () => {
  const { happened, engine, asked, finish } = givenUp()
  await endStarting(asked, { silence: 10, patience: 30 })
  expect(happened).toEqual([expect.stringContaining('Waiting'), expect.stringContaining('postgres:17')])
  engine.has = true
  finish()
  await vi.waitFor(() => expect(happened.slice(2)).toEqual(['removed', 'gone']))
})

it('a container that the engine does not let go of stays in its lease', async () => {
  const { happened, asked, fail } = givenUp()
  fail()
  const remove = async (): Promise<void> => {
    throw new Error('the engine is gone')
  }
  await endStarting({ ...asked, remove }, { silence: 5000, patience: 5000 })
  expect(happened).toEqual([])
})
