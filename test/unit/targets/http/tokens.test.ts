import { expect, it } from 'vitest'
import { shareToken, type Token } from '../../../../src/targets/http/tokens.ts'

const never = new AbortController().signal

/** A provider of tokens that answers when it is told to, and counts how often it was asked. */
const provider = () => {
  const asked: { readonly signal: AbortSignal; readonly give: (token: Token) => void }[] = []
  const signIn = (signal: AbortSignal): Promise<Token> =>
    new Promise((give, reject) => {
      asked.push({ signal, give })
      signal.addEventListener('abort', () => reject(new Error('nobody waits')), { once: true })
    })
  return { asked, signIn }
}

it('asks once for all who wait at the same time', async () => {
  const { asked, signIn } = provider()
  const tokens = shareToken({ signIn })
  const waiting = Promise.all([tokens.current(never), tokens.current(never)])

  asked[0]?.give({ text: 'first', life: 60_000 })

  expect(await waiting).toEqual(['first', 'first'])
  expect(asked).toHaveLength(1)
})

it('gives a token out until a quarter of a minute before its end, on the clock that it is given', async () => {
  let now = 0
  let count = 0
  const tokens = shareToken({ signIn: async () => ({ text: `${++count}`, life: 60_000 }), now: () => now })

  expect(await tokens.current(never)).toBe('1')
  now = 44_999
  expect(await tokens.current(never)).toBe('1')
  now = 45_000
  expect(await tokens.current(never)).toBe('2')
})

it('asks anew for one that was refused, and not for one that was replaced since', async () => {
  let count = 0
  const tokens = shareToken({ signIn: async () => ({ text: `${++count}`, life: 60_000 }) })
  await tokens.current(never)

  tokens.discard('1')
  expect(await tokens.current(never)).toBe('2')
  tokens.discard('1')
  expect(await tokens.current(never)).toBe('2')
})

it('lets one who stops go at once, and ends the question when nobody waits for it any more', async () => {
  const { asked, signIn } = provider()
  const tokens = shareToken({ signIn })
  const [first, second] = [new AbortController(), new AbortController()]
  const waiting = [tokens.current(first.signal), tokens.current(second.signal)]

  first.abort(new Error('stopped'))
  await expect(waiting[0]).rejects.toThrow('stopped')
  expect(asked[0]?.signal.aborted).toBe(false)
  second.abort(new Error('stopped too'))
  await expect(waiting[1]).rejects.toThrow('stopped too')
  expect(asked[0]?.signal.aborted).toBe(true)
})
