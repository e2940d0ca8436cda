import { describe, expect, it } from 'vitest'
import { readAgain, watch } from '../../../src/cli/readiness-watch.ts'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import type { Inspected } from '../../../src/readiness/inspect.ts'
import type { ReadinessProbe } from '../../../src/report/readiness-document.ts'
import { discovered } from '../../support/readiness/discovery.ts'
import { documentOf } from '../../support/readiness/documents.ts'
import { answered } from '../../support/readiness/evidence.ts'
import { probe, readinessDocument } from '../../support/readiness/readiness-document.ts'
import { PRODUCTS, productWith } from '../../support/readiness/whole-products.ts'

const round = (result: ReadinessProbe['result'], seen: string): Inspected => ({
  document: { ...readinessDocument, probes: [probe({ result, seen })], abilities: [] },
})

const watching = (rounds: readonly Inspected[], over: Partial<Parameters<typeof watch>[0]> = {}) => {
  const lines: string[] = []
  let asked = 0
  const done = watch({
    round: async () => rounds[Math.min(asked++, rounds.length - 1)] as Inspected,
    every: 1,
    told: (line) => lines.push(line),
    width: 100,
    signal: new AbortController().signal,
    ...over,
  })
  return { done, lines, asked: () => asked }
}

describe('what a round begins with', () => {
  const halfSaved = new Syn2opError('config.invalid', "Synapse's configuration is wrong")

  it('is read anew, and stays as it was while the file is half saved', async () => {
    const reads = [async () => 'second', async () => Promise.reject(halfSaved), async () => 'fourth']
    const told: string[] = []
    const again = readAgain(
      async () => (await reads.shift()?.()) ?? '',
      'first',
      (line) => told.push(line),
    )
    expect([await again(), await again(), await again()]).toEqual(['second', 'second', 'fourth'])
    expect(told).toEqual(["Synapse's configuration is wrong; it is taken as it was before"])
  })

  it('is not guessed where the fault is ours', async () => {
    const again = readAgain(
      async () => Promise.reject(new TypeError('ours')),
      'first',
      () => undefined,
    )
    await expect(again()).rejects.toThrow('ours')
  })
})

describe('watching', () => {
  it('ends when no error is left, and tells only what has changed', async () => {
    const rounds = [round('fail', '503'), round('fail', '503'), round('pass', '401')]
    const { done, lines, asked } = watching(rounds)
    expect(await done).toBe(rounds[2])
    expect(asked()).toBe(3)
    const said = lines.join('\n')
    expect(said.match(/VERSIONS/gu)).toHaveLength(2)
    expect(lines.at(-1)).toMatch(/^03:15:00.*VERSIONS.*503.*401/u)
  })

  it('goes on while nobody answers, whatever the probes say', async () => {
    const silent: Inspected = { ...round('pass', ''), silence: { who: 'homeserver', url: 'https://x', why: 'refused' } }
    const { done, asked } = watching([silent, round('pass', '200')])
    expect((await done).silence).toBeUndefined()
    expect(asked()).toBe(2)
  })

  it('goes on while a kind of clients cannot log in, though no probe fails with an error', async () => {
    const login = answered(404, discovered('synapse-404-unrecognized'))
    const [old, sound] = [productWith('Synapse and MAS', { login }), PRODUCTS['Synapse and MAS']].map(
      (evidence): Inspected => ({ document: documentOf(evidence) }),
    ) as [Inspected, Inspected]
    const { done, lines } = watching([old, sound])
    expect((await done).document).toBe(sound.document)
    expect(lines.at(-1)).toContain('LOGIN_FLOWS')
  })

  it('says at its end what is open still', async () => {
    const { done, lines } = watching([round('fail', '503')], { atMost: 0 })
    await done
    expect(lines.at(-1)).toMatch(/still open: VERSIONS$/u)
  })

  it('ends with how things stand when the time is over', async () => {
    let clock = 0
    const { done, asked } = watching([round('fail', '503')], { every: 10, atMost: 25, now: () => (clock += 10) })
    expect((await done).document.probes).toMatchObject([{ result: 'fail' }])
    expect(asked()).toBeGreaterThan(0)
    expect(asked()).toBeLessThan(4)
  })

  it('never has two rounds at once', async () => {
    let running = 0
    let most = 0
    let asked = 0
    await watch({
      round: async () => {
        most = Math.max(most, ++running)
        await new Promise((resolve) => setTimeout(resolve, 5))
        running--
        return round(++asked < 4 ? 'fail' : 'pass', '')
      },
      every: 1,
      told: () => undefined,
      width: 100,
      signal: new AbortController().signal,
    })
    expect({ most, asked }).toEqual({ most: 1, asked: 4 })
  })

  it('that is stopped tells how things stood, and ends as it was stopped', async () => {
    const stop = new AbortController()
    const reason = new Error('stopped')
    const { done, lines } = watching([round('fail', '503')], { every: 60_000, signal: stop.signal })
    setTimeout(() => stop.abort(reason), 10)
    await expect(done).rejects.toBe(reason)
    expect(lines.join('\n').match(/VERSIONS/gu)).toHaveLength(2)
  })

  it('ends with what a round raises', async () => {
    await expect(
      watching([], {
        round: async () => {
          throw new Error('of ours')
        },
      }).done,
    ).rejects.toThrow('of ours')
  })
})
