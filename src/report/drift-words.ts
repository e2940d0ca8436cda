import { formatCount, formatDuration, formatInteger } from '../terminal/numbers.ts'
import type { PlanDrift } from './plan-comparison.ts'

/**
 * `As planned 2 d ago; 12 accounts are new since.`
 * @param now milliseconds since 1970.
 */
export const boundSentence = ({ plan, newAccounts, goneAccounts }: PlanDrift, now: number): string => {
  const age = now - Date.parse(plan.asOf)
  const since = age >= 0 ? `${formatDuration(age)} ago` : `for ${plan.asOf}`
  return `As planned ${since}; ${newAndGone(newAccounts, goneAccounts)}.`
}

/** `12 accounts are new since, 1 is gone` */
export const newAndGone = (newAccounts: number, goneAccounts: number): string => {
  const born =
    newAccounts === 0
      ? 'no account is new since'
      : formatCount(newAccounts, 'account is new since', 'accounts are new since')
  return goneAccounts === 0 ? born : `${born}, ${formatInteger(goneAccounts)} ${goneAccounts === 1 ? 'is' : 'are'} gone`
}
