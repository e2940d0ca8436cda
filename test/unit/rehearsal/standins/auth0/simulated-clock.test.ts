import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { type SimulatedClock, simulatedClock } from '../../../../../src/rehearsal/standins/auth0/clock.ts'

const HOUR = 3_600_000

/** A server that answers with the time of the clock, and holds it while it does. */
const timeServer = async (clock: SimulatedClock) => {
  const server = createServer((_, response) => {
    const release = clock.hold()
    response.once('close', release)
    response.end(String(clock.now()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    ask: async (): Promise<number> => Number(await (await fetch(`http://127.0.0.1:${port}/`)).text()),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

describe('the simulated clock', () => {
  it('jumps over what everybody sleeps through', async () => {
    const clock = simulatedClock(0)
    const started = performance.now()
    await Promise.all([clock.sleep(24 * HOUR), clock.sleep(HOUR)])
    expect(clock.now()).toBe(24 * HOUR)
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('wakes sleepers in the order of their times, whoever lay down first', async () => {
    const clock = simulatedClock(0)
    const order: string[] = []
    const sleep = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms)
      order.push(`${name} at ${clock.now()}`)
    }
    await Promise.all([sleep('late', 30), sleep('early', 10), sleep('middle', 20), sleep('early too', 10)])
    expect(order).toEqual(['early at 10', 'early too at 10', 'middle at 20', 'late at 30'])
  })

  it('stands still while it is held', async () => {
    const clock = simulatedClock(0)
    const release = clock.hold()
    const asleep = clock.sleep(HOUR)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(clock.now()).toBe(0)
    release()
    await asleep
    expect(clock.now()).toBe(HOUR)
  })

  it('waits for files that are read meanwhile', async () => {
    const clock = simulatedClock(0)
    const asleep = clock.sleep(HOUR)
    for (let count = 0; count < 20; count += 1) await readFile(new URL(import.meta.url))
    expect(clock.now()).toBe(0)
    await asleep
  })

  it('lets nobody sleep whose signal is aborted, before or meanwhile', async () => {
    const clock = simulatedClock(0)
    const stop = new AbortController()
    const release = clock.hold()
    const asleep = clock.sleep(HOUR, stop.signal)
    stop.abort(new Error('stopped'))
    await expect(asleep).rejects.toThrow('stopped')
    await expect(clock.sleep(HOUR, stop.signal)).rejects.toThrow('stopped')
    release()
    expect(clock.now()).toBe(0)
  })

  it('passes no time between two requests of 50 clients that sleep and ask by turns', async () => {
    const clock = simulatedClock(0)
    const server = await timeServer(clock)
    const late: string[] = []
    const client = async (index: number): Promise<void> => {
      for (let turn = 0; turn < 10; turn += 1) {
        await clock.sleep(1 + ((index * 7919 + turn * 104_729) % 5000))
        const before = clock.now()
        for (let count = 0; count < 3; count += 1) {
          const answered = await server.ask()
          if (answered !== before) late.push(`client ${index}, turn ${turn}: ${before} became ${answered}`)
        }
      }
    }
    await Promise.all(Array.from({ length: 50 }, (_, index) => client(index)))
    server.close()
    expect(late).toEqual([])
  })
})
