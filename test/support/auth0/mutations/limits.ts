import { LIMITS_RULES } from '../../../../src/rehearsal/standins/auth0/rules/limits.ts'
import { OTHER_LIMITS_RULES } from '../../../../src/rehearsal/standins/auth0/rules/other-limits.ts'
import type { ApiRequest, Given, Rule, Step } from '../../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { operationOf } from '../recorded-requests/operation.ts'
import { HOME, type Ours } from '../recorded-requests/ours.ts'
import type { Mutation, Steps } from './mutation.ts'

/** More of our requests at once than a rule allows, as often and as soon after another as the rule's own. */
const asOften = (our: Ours, { id, keeps, breaks }: Rule): Mutation => {
  const ours = (request: ApiRequest): ApiRequest => our.request(operationOf(request))
  const oursIn = (step: Step): Step => {
    if (step.kind === 'import') return our.importing([our.anna, our.berta])
    return step.kind === 'request' || step.kind === 'burst' ? { ...step, request: ours(step.request) } : step
  }
  const given = (rules: Given | undefined, steps: Steps): Given => ({
    ...rules,
    ...HOME,
    users: steps.some(({ kind }) => kind === 'import') ? [] : [our.anna],
  })
  const oursOfAll = ([first, ...others]: Steps): Steps => [oursIn(first), ...others.map(oursIn)]
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
