import { RELATION_NAMES } from '../../accounts/relations.ts'
import { ALL_WARNINGS } from '../../findings/accept.ts'
import type { Finding } from '../../findings/finding.ts'
import { counted } from '../../report/counted.ts'
import type { CountChange, DecisionChange } from '../../report/plan-comparison.ts'
import { reasonText } from '../../report/words.ts'
import type { OutcomeKey } from './outcome-groups.ts'

/** `@anna:example.org, @bert:example.org and 3 more`; nothing where nobody can be named. */
const named = (samples: readonly string[], count: number): string => {
  if (samples.length === 0) return ''
  const others = count - samples.length
  return `: ${samples.join(', ')}${others > 0 ? ` and ${counted(others, 'other', 'others')}` : ''}`
}

/** `3 accounts that were to migrate are held back now (guest): @a:example.org, …` */
export const decisionSentence = ({ before, now, count, samples }: DecisionChange): string => {
  const one = count === 1
  const was = one ? 'was' : 'were'
  const is = one ? 'is' : 'are'
  const planned = before === null ? `${was} to migrate` : `${was} to be held back (${reasonText(before)})`
  const found = now === null ? (one ? 'migrates now' : 'migrate now') : `${is} held back now (${reasonText(now)})`
  return `${counted(count, 'account', 'accounts')} that ${planned} ${found}${named(samples, count)}`
}

interface NamedOutcome {
  readonly before: OutcomeKey | undefined
  readonly now: OutcomeKey
  readonly count: number
  readonly samples: readonly string[]
}

/** `1 account that was to be created would be held back (…): @a:example.org` */
export const outcomeSentence = ({ before, now, count, samples }: NamedOutcome): string => {
  const was = count === 1 ? 'was' : 'were'
  const planned = before === undefined ? 'the plan changes nothing of' : `${was} to be ${outcomeWords(before)}`
  const found = `would be ${outcomeWords(now)} at the target now`
  return `${counted(count, 'account', 'accounts')} that ${planned} ${found}${named(samples, count)}`
}

const outcomeWords = (key: OutcomeKey): string => {
  const [outcome = '', reason] = key.split(': ')
  return reason === undefined ? outcome : `${outcome} (${reasonText(reason)})`
}

/** `2 devices would be left behind for a reason that the plan does not have (of a guest): of @17:example.org` */
export const kindSentence = ({ relation, reason, now }: CountChange, samples: readonly string[]): string => {
  const { one, many } = RELATION_NAMES[relation]
  const isAccount = relation === 'account'
  const becomes =
    reason === null
      ? `would be ${isAccount ? 'migrated' : 'carried'}, of which the plan has none`
      : `would be ${isAccount ? 'held back' : 'left behind'} for a reason that the plan does not have (${reasonText(reason)})`
  return `${counted(now, one, many)} ${becomes}${named(samples, Math.max(samples.length, isAccount ? now : 0))}`
}

/** `5,000 SSO identities more than planned would be left behind (…), and fewer carried` */
export const takenSentence = ({ relation, reason, before, now }: CountChange): string => {
  const { one, many } = RELATION_NAMES[relation]
  return `${counted(now - before, one, many)} more than planned would be left behind (${reasonText(reason ?? '')}), and fewer carried`
}

/** One way in which rows are decided otherwise than by the plan's rules. */
const becomes = (target: string | null | undefined): string => {
  if (target === undefined) return 'no provider of the target takes it'
  return target === null ? 'the mapping leaves it' : `the target's provider ${target} takes it`
}

/** `oidc-google: in the plan the target's provider 0190… takes it, and now no provider of the target takes it` */
export const providerSentence = (
  authProvider: string,
  [planned, now]: readonly (string | null | undefined)[],
): string => `${authProvider}: in the plan ${becomes(planned)}, and now ${becomes(now)}.`

/**
 * Warnings that the plan does not have. Whoever accepts all of them has accepted those that the plan shows; of any other its own
 * code must be given.
 */
export const newWarnings = (planned: readonly Finding[], now: readonly Finding[]): readonly Finding[] => {
  const known = new Set(planned.map(({ code }) => code))
  return now.filter(
    ({ code, severity, accepted }) =>
      severity === 'warning' && !known.has(code) && (accepted === undefined || accepted === ALL_WARNINGS),
  )
}
