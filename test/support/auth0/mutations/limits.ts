import { LIMITS_RULES } from '../../../../src/rehearsal/standins/auth0/rules/limits.ts'
import { OTHER_LIMITS_RULES } from '../../../../src/rehearsal/standins/auth0/rules/other-limits.ts'
import type { ApiRequest, Given, Rule, Step } from '../../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { operationOf } from '../recorded-requests/operation.ts'
import { HOME, type Ours } from '../recorded-requests/ours.ts'
import { send, withId, withJson } from './changes.ts'
import { after, type Mutation, type Steps } from './mutation.ts'

/** A read that the program does not send: it makes people instead. */
const FIND = 'GET /scim/v2/connections/*/Users'

/** A step for each of a burst: nobody is made twice. */
const makingPeople = (our: Ours, times: number, from: number): readonly Step[] => {
  const make = our.request('POST /scim/v2/connections/*/Users')
  return Array.from({ length: times }, (_, n) =>
    send(withJson(make, { userName: `person-${from}-${n}`, externalId: `${from}-${n}`, emails: undefined })),
  )
}

/** More of our requests at once than a rule allows, as often and as soon after another as the rule's own. */
const asOften = (our: Ours, { id, keeps, breaks }: Rule): Mutation => {
  const ours = (request: ApiRequest): ApiRequest => {
    const sent = our.request(operationOf(request))
    return sent.path.includes('/users/') ? withId(sent, 'users', `auth0%7C${String(our.anna['user_id'])}`) : sent
  }
  const oursIn = (step: Step, index: number): readonly Step[] => {
    if (step.kind === 'import') return [our.importing([our.anna, our.berta])]
    if (step.kind === 'burst' && operationOf(step.request) === FIND) return makingPeople(our, step.times, index)
    return [step.kind === 'request' || step.kind === 'burst' ? { ...step, request: ours(step.request) } : step]
  }
  const given = (rules: Given | undefined, steps: Steps): Given => ({
    ...rules,
    ...HOME,
    users: steps.some(({ kind }) => kind === 'import') ? [] : [our.anna],
  })
  const oursOfAll = (steps: Steps): Steps => {
    const all = steps.flatMap(oursIn)
    const last = all.at(-1)
    return last === undefined ? steps : after(all.slice(0, -1), last)
  }
  return {
    rule: id,
    keeps: { given: given(keeps.given, keeps.steps), steps: oursOfAll(keeps.steps) },
    mutants: breaks.map((each) => ({
      ...each,
      given: given(each.given, each.steps),
      steps: oursOfAll(each.steps),
    })),
  }
}

export const limitMutations = (our: Ours): readonly Mutation[] =>
  [...LIMITS_RULES, ...OTHER_LIMITS_RULES].map((rule) => asOften(our, rule))
