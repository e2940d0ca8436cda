import type { AccountChange, Outcome } from '../changes.ts'
import { ask } from './ask.ts'

/** Names the first that is not as it should be. */
const askAll = <Told extends AccountChange | Outcome>(
  told: readonly Told[],
  kindOf: (one: Told) => string,
  wanted: string,
  meaning: string,
): void => {
  const other = told.find((one) => kindOf(one) !== wanted)
  const reason = other?.reason === undefined ? '' : ` (${other.reason})`
  ask(other === undefined, `${other?.mxid} is \`${other && kindOf(other)}\`${reason} and not \`${wanted}\`: ${meaning}`)
}

export const askOutcomes = (outcomes: readonly Outcome[], wanted: Outcome['outcome'], meaning: string): void =>
  askAll(outcomes, ({ outcome }) => outcome, wanted, meaning)

export const askChanges = (changes: readonly AccountChange[], wanted: AccountChange['change'], meaning: string): void =>
  askAll(changes, ({ change }) => change, wanted, meaning)
