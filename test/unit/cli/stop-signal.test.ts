import { afterEach, describe, expect, test, vi } from 'vitest'
import { listenForStop, type StopSignal } from '../../../src/cli/stop-signal.ts'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'

let stop: StopSignal | undefined

afterEach(() => {
  stop?.dispose()
  vi.restoreAllMocks()
})

const exits = () => vi.spyOn(process, 'exit').mockImplementation((() => undefined) as unknown as typeof process.exit)

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s aborts the work with the error to end with', (name) => {
  const told: string[] = []
  stop = listenForStop((message) => told.push(message))
  process.emit(name)
  expect(stop.signal.aborted).toBe(true)
  expect(stop.signal.reason).toBeInstanceOf(Syn2opError)
  expect(stop.signal.reason).toMatchObject({ code: 'run.interrupted', exitCode: 130 })
  expect(told).toHaveLength(1)
})

test('a second signal ends the process at once, and says what to ask then', () => {
  const exit = exits()
  const now = vi.spyOn(performance, 'now').mockReturnValue(1000)
  const told: string[] = []
  stop = listenForStop((message) => told.push(message))
  process.emit('SIGINT')
  now.mockReturnValue(1600)
  process.emit('SIGINT')
  expect(exit).toHaveBeenCalledExactlyOnceWith(130)
  expect(told.at(-1)).toContain('syn2op status')
})

test('one Ctrl-C that arrives twice is one', () => {
  const exit = exits()
  const now = vi.spyOn(performance, 'now').mockReturnValue(1000)
  stop = listenForStop(() => {})
  process.emit('SIGINT')
  now.mockReturnValue(1020)
  process.emit('SIGINT')
  expect(exit).not.toHaveBeenCalled()
})

test('after dispose the signals are the process’s own again', () => {
  const before = process.listenerCount('SIGTERM')
  const listening = listenForStop(() => {})
  expect(process.listenerCount('SIGTERM')).toBe(before + 1)
  listening.dispose()
  expect(process.listenerCount('SIGTERM')).toBe(before)
})

describe('work that finishes what is under way', () => {
  const signalled = async (count: number): Promise<StopSignal & { readonly told: readonly string[] }> => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(1000)
    const told: string[] = []
    const listening = listenForStop((message) => told.push(message))
    stop = listening
    await listening.soon.finishing(async () => {
      for (let given = 0; given < count; given++) {
        process.emit('SIGINT')
        now.mockReturnValue(1000 + (given + 1) * 600)
      }
    })
    return { ...listening, told }
  }

  test('the first signal asks it to stop soon, and aborts nothing', async () => {
    const { signal, soon, told } = await signalled(1)
    expect(soon.asked.aborted).toBe(true)
    expect(signal.aborted).toBe(false)
    expect(told).toEqual([expect.stringContaining('Finishing what is under way')])
  })

  test('the second aborts it, the third ends the process', async () => {
    const exit = exits()
    const { signal } = await signalled(2)
    expect(signal.aborted).toBe(true)
    expect(exit).not.toHaveBeenCalled()
    stop?.dispose()
    await signalled(3)
    expect(exit).toHaveBeenCalledExactlyOnceWith(130)
  })

  test('before and after it the first signal aborts at once', async () => {
    const { signal, soon } = await signalled(0)
    process.emit('SIGTERM')
    expect(signal.aborted).toBe(true)
    expect(soon.asked.aborted).toBe(false)
  })
})
