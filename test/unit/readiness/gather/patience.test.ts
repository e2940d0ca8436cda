import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { patiently } from '../../../../src/readiness/gather/patience.ts'
import type { Ask, Question } from '../../../../src/readiness/http/exchange.ts'

const question: Question = { method: 'GET', url: 'https://matrix.example.org/x' }

/** A server that has too many questions so many times, and a clock that goes on by waiting alone. */
const busy = (times: number, headers: Readonly<Record<string, string>>, json?: unknown) => {
  let now = 0
  const asked: number[] = []
  const notes: string[] = []
  const ask: Ask = async (of) => {
    asked.push(now)
    const status = asked.length <= times ? 429 : 200
    return { question: of, answer: { status, headers, text: '', json, url: of.url, milliseconds: 1 } }
  }
  const wait = async (milliseconds: number): Promise<void> => {
    now += milliseconds
  }
  return { patience: patiently(ask, { wait, note: (words) => notes.push(words), now: () => now }), asked, notes }
}

describe('a server that has too many questions', () => {
  it.each([
    ['in seconds', { 'retry-after': '3' }, undefined, 3000],
    [
      'as a date',
      { 'retry-after': 'Mon, 23 Nov 2026 22:00:04 GMT', 'date': 'Mon, 23 Nov 2026 22:00:00 GMT' },
      {},
      4000,
    ],
    ['as Matrix does', {}, { retry_after_ms: 1500 }, 1500],
  ])('is asked once more when it says so %s', async (_, headers, json, at) => {
    const { patience, asked, notes } = busy(1, headers, json)
    expect((await patience.ask(question)).answer?.status).toBe(200)
    expect(asked).toEqual([0, at])
    expect(notes).toHaveLength(1)
  })

  it.each([
    ['for more than ten seconds', { 'retry-after': '11' }],
    ['without a time', {}],
  ])('is not waited for %s', async (_, headers) => {
    const { patience, asked } = busy(1, headers)
    expect((await patience.ask(question)).answer?.status).toBe(429)
    expect(asked).toEqual([0])
  })

  it('is waited for ten seconds in all, and asked nothing twice that leaves something behind', async () => {
    const { patience, asked } = busy(99, { 'retry-after': '6' })
    await patience.ask(question)
    await patience.ask(question)
    expect(asked).toEqual([0, 6000, 6000])
    const other = busy(1, { 'retry-after': '1' })
    expect((await other.patience.askOnce(question)).answer?.status).toBe(429)
  })

  it('is asked nothing else meanwhile, while others are', async () => {
    const asked: string[] = []
    const going: (() => void)[] = []
    const ask: Ask = async (of) => {
      asked.push(of.url)
      const headers = { 'retry-after': '1' }
      return {
        question: of,
        answer: { status: asked.length === 1 ? 429 : 200, headers, text: '', url: of.url, milliseconds: 1 },
      }
    }
    let now = 0
    const wait = (milliseconds: number): Promise<void> =>
      new Promise((resolve) => {
        going.push(() => {
          now = Math.max(now, milliseconds)
          resolve()
        })
      })
    const patience = patiently(ask, { wait, note: () => undefined, now: () => now })
    const first = patience.ask(question)
    await setImmediate()
    const second = patience.ask({ ...question, url: 'https://matrix.example.org/y' })
    await patience.ask({ ...question, url: 'https://auth.example.org/' })
    expect(asked).toEqual(['https://matrix.example.org/x', 'https://auth.example.org/'])
    for (const go of going) go()
    await Promise.all([first, second])
    expect(asked).toHaveLength(4)
  })

  it('is waited for no longer than somebody stops it', async () => {
    const reason = new Error('Ctrl-C')
    const ask: Ask = async (of) => ({
      question: of,
      answer: { status: 429, headers: { 'retry-after': '9' }, text: '', url: of.url, milliseconds: 1 },
    })
    const patience = patiently(ask, { wait: () => Promise.reject(reason), note: () => undefined })
    await expect(patience.ask(question)).rejects.toBe(reason)
  })
})
