import { expect, it } from 'vitest'
import { gather } from '../../../../src/readiness/gather/gather.ts'
import type { Ask } from '../../../../src/readiness/http/exchange.ts'

const nobody: Ask = (question) => Promise.resolve({ question, failure: { why: 'nobody is asked here' } })

it('asks whose a token is about another token each time: Synapse keeps for two minutes what MAS said of one', async () => {
  const subject = { baseUrl: 'https://matrix.example.org', origin: 'https://app.element.io', traces: 'none' } as const
  const asked = async (): Promise<string | undefined> =>
    (await gather(subject, nobody)).asked.whoami?.question.headers?.['authorization']
  const [first, second] = [await asked(), await asked()]
  expect(first).toMatch(/^Bearer syn2op-readiness-/u)
  expect(second).not.toBe(first)
})
