import { afterEach, expect, test, vi } from 'vitest'
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

test('a second signal ends the process at once', () => {
  const exit = exits()
  const now = vi.spyOn(performance, 'now').mockReturnValue(1000)
  stop = listenForStop(() => {})
  process.emit('SIGINT')
  now.mockReturnValue(1600)
  process.emit('SIGINT')
  expect(exit).toHaveBeenCalledExactlyOnceWith(130)
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
