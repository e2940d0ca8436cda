import type { RowRules } from '../../report/plan-parts.ts'
import type { Prepared } from '../prepare.ts'
import { providerSentence } from './difference-words.ts'

/** By what rows are decided that no decision about an account shows: the target's configuration may change under a plan. */
export const rowRulesOf = ({ source: { rules }, target }: Pick<Prepared, 'source' | 'target'>): RowRules => ({
  // In their order: of one subject that two providers know, the first one's identity is carried.
  providers: rules.providers.map(({ authProvider, target: taker }) => ({
    authProvider,
    target: taker === 'leave' ? null : taker.id,
  })),
  target: target.rowRules ?? [],
})

/** How rows would be decided otherwise than in a plan, a sentence each. */
export const rowRuleDifferences = (planned: RowRules, now: RowRules): readonly string[] => [
  ...providerDifferences(planned, now),
  ...targetDifferences(planned.target, now.target),
]

const providerDifferences = (planned: RowRules, now: RowRules): readonly string[] => {
  const [before, after] = [takers(planned), takers(now)]
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted()
  return names
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => providerSentence(name, [before.get(name), after.get(name)]))
}

const takers = ({ providers }: RowRules): ReadonlyMap<string, string | null> =>
  new Map(providers.map(({ authProvider, target }) => [authProvider, target]))

const targetDifferences = (planned: readonly string[], now: readonly string[]): readonly string[] =>
  planned.join('\n') === now.join('\n')
    ? []
    : [`It was made for ${words(planned)}, and now the target's configuration says ${words(now)}.`]

const words = (rules: readonly string[]): string => (rules.length === 0 ? 'nothing' : rules.join(' and '))
