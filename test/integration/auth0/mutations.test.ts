import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { RULES } from '../../../src/rehearsal/standins/auth0/rules/index.ts'
import type { Break, FieldRule, Rule } from '../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { byHand } from '../../support/auth0/mutations/by-hand.ts'
import { fieldMutation } from '../../support/auth0/mutations/fields.ts'
import type { Mutation } from '../../support/auth0/mutations/mutation.ts'
import { NEVER_ALONE } from '../../support/auth0/mutations/never-alone.ts'
import { NOT_SENT } from '../../support/auth0/mutations/not-sent.ts'
import { type Done, tally } from '../../support/auth0/mutations/tally.ts'
import { tryFields } from '../../support/auth0/mutations/try-fields.ts'
import { type Ours, oursOf } from '../../support/auth0/recorded-requests/ours.ts'
import { recordRequests } from '../../support/auth0/recorded-requests/recording.ts'
import { runTrial } from '../../support/auth0/trial.ts'
import { LONG_CASES, SEED } from '../../support/generated/cases.ts'

/** How many requests break a rule at least; of those that are drawn as many are drawn as it takes. */
const TRIED = LONG_CASES ? 30 : 3

const done = new Map<string, Done>()

let known: Promise<{ readonly our: Ours; readonly mutations: ReadonlyMap<string, Mutation> }> | undefined

/** What the program sends, and what breaks rules of behaviour. The first test records it. */
const recorded = () => {
  known ??= recordRequests().then((sent) => {
    const our = oursOf(sent)
    return { our, mutations: new Map(byHand(our).map((mutation) => [mutation.rule, mutation])) }
  })
  return known
}

const breaksField = async (our: Ours, rule: Rule, field: FieldRule): Promise<void> => {
  const mutation = fieldMutation(our, rule, field, SEED)
  if (mutation === undefined) expect.fail('it is neither broken here nor named among those that are not sent')
  const { broken, beside, code, path } = mutation
  const alone = NEVER_ALONE[rule.id]
  expect(beside).toEqual(alone === undefined ? [] : [alone.with])
  expect(broken.length).toBeGreaterThan(0)
  const tried = await tryFields(our, mutation)
  const refusal = expect.objectContaining({ code, ...(path === '' ? {} : { path }) })
  const all = alone === undefined ? [refusal] : expect.arrayContaining([refusal])
  expect(tried).toEqual({ broken: broken.map(() => all), kept: [] })
  done.set(rule.id, { kind: 'mutated', requests: broken.length })
}

const isDrawn = (mutant: Break | fc.Arbitrary<Break>): mutant is fc.Arbitrary<Break> => mutant instanceof fc.Arbitrary

const breaksBehaviour = async ({ rule, keeps, mutants }: Mutation): Promise<void> => {
  expect(await runTrial(keeps, 'accepted')).toBeUndefined()
  const numRuns = Math.ceil(TRIED / mutants.length)
  let requests = 0
  const isRefused = async (mutant: Break): Promise<void> => {
    requests += 1
    expect(await runTrial(mutant, mutant.refusal), mutant.wrong).toBeUndefined()
  }
  for (const mutant of mutants) {
    if (isDrawn(mutant)) await fc.assert(fc.asyncProperty(mutant, isRefused), { seed: SEED, numRuns })
    else await isRefused(mutant)
  }
  done.set(rule, { kind: 'mutated', requests })
}

describe('what the program sends to Auth0, once it is sent otherwise', () => {
  afterAll(() => {
    console.log(`seed ${SEED} (SYN2OP_TEST_SEED)\n${tally(RULES, done)}`)
  })

  it('is recorded so that another tenant understands it', async () => {
    const { our } = await recorded()
    const sent = [...our.operations].flatMap((operation) => our.requests(operation))
    expect(sent.filter((request) => /127\.0\.0\.1|con_|job_[A-Za-z0-9]{16}/u.test(JSON.stringify(request)))).toEqual([])
  })

  it('is held to rules that there are', () => {
    const ids = new Set(Object.values(RULES).flatMap((rules) => rules.map(({ id }) => id)))
    const named = [...Object.keys(NOT_SENT), ...Object.keys(NEVER_ALONE)]
    expect(named.filter((id) => !ids.has(id))).toEqual([])
  })

  describe.each(Object.entries(RULES))('%s', (_, rules) => {
    it.each(rules.map((rule) => [rule.id, rule] as const))('is refused by %s', async (id, rule) => {
      const { our, mutations } = await recorded()
      const mutation = mutations.get(id)
      const notSent = NOT_SENT[id]
      if (notSent !== undefined) {
        expect(mutation).toBeUndefined()
        expect([...our.operations]).not.toContain(notSent.operation)
        done.set(id, { kind: 'not sent', because: notSent.because })
      } else if (mutation !== undefined) {
        await breaksBehaviour(mutation)
      } else if (rule.field !== undefined) {
        await breaksField(our, rule, rule.field)
      } else {
        expect.fail('it is neither broken here nor named among those that are not sent')
      }
    })
  })
})
