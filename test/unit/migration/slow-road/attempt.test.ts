import { describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../../src/errors/syn2op-error.ts'
import { attempt, pauseAfter } from '../../../../src/migration/slow-road/attempt.ts'

const SERVER = 'server.unreachable'

const { signal } = new AbortController()
const away = (retryAfter?: number): Syn2opError =>
  new Syn2opError(SERVER, 'It does not answer', retryAfter === undefined ? {} : { retryAfter })

describe('what does not answer', () => {
  it('is tried again with longer pauses, for about two minutes', () => {
    const pauses: number[] = []
    let waited = 0
    for (let pause = pauseAfter({ code: SERVER, times: 1, waited }); pause !== undefined; ) {
      pauses.push(pause)
      waited += pause
      pause = pauseAfter({ code: SERVER, times: pauses.length + 1, waited })
    }
    expect(pauses.slice(0, 4)).toEqual([250, 500, 1000, 2000])
    expect(Math.max(...pauses)).toBe(15_000)
    expect(waited).toBeGreaterThan(100_000)
    expect(waited).toBeLessThanOrEqual(120_000)
  })

  it.each([
    {
      what: 'the time that the server asks for',
      tried: { code: SERVER, times: 1, waited: 0, retryAfter: 2000 },
      pause: 2000,
    },
    {
      what: 'no less than it would anyway',
      tried: { code: SERVER, times: 5, waited: 0, retryAfter: 1000 },
      pause: 4000,
    },
    { what: 'four times however long each takes', tried: { code: SERVER, times: 3, waited: 180_000 }, pause: 1000 },
    { what: 'not for hours', tried: { code: SERVER, times: 1, waited: 0, retryAfter: 3_600_000 }, pause: undefined },
    { what: 'no longer than that', tried: { code: SERVER, times: 4, waited: 119_000 }, pause: undefined },
    {
      what: 'not as a database, whose connection is lost',
      tried: { code: 'database.failed', times: 4, waited: 1750 },
      pause: undefined,
    },
  ] as const)('is waited for $what', ({ tried, pause }) => {
    expect(pauseAfter(tried)).toBe(pause)
  })

  it('is asked again once it may be', async () => {
    const began = performance.now()
    let times = 0
    const work = async (): Promise<string> => {
      if (++times === 1) throw away(700)
      return 'here'
    }
    expect(await attempt(work, { signal })).toBe('here')
    expect(performance.now() - began).toBeGreaterThanOrEqual(699)
  })

  it('is waited for no longer once nobody wants it', async () => {
    const failing = attempt(
      async () => {
        throw away(60_000)
      },
      { signal, enough: () => true },
    )
    await expect(failing).rejects.toThrow('It does not answer')
  })

  it('is told of where it takes longer', async () => {
    const notes: string[] = []
    const stop = new AbortController()
    const failing = attempt(
      async () => {
        throw away(60_000)
      },
      {
        signal: stop.signal,
        note: (message) => {
          notes.push(message)
          stop.abort(new Error('enough'))
        },
      },
    )
    await expect(failing).rejects.toThrow()
    expect(notes).toEqual(['It does not answer: trying again for up to 2 minutes'])
  })

  it('is no other failure', async () => {
    let times = 0
    const failing = attempt(
      async () => {
        times++
        throw new Syn2opError('target.not-allowed', 'No')
      },
      { signal },
    )
    await expect(failing).rejects.toThrow('No')
    expect(times).toBe(1)
  })
})
