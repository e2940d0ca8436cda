import type { ReasonCode } from '../../accounts/reasons.ts'
import { RELATIONS, type Relation } from '../../accounts/relations.ts'
import type { RelationCount } from '../../report/documents.ts'
import type { CountChange } from '../../report/plan-comparison.ts'

/** Which rows, by relation and reason (null: migrated or carried), are more or fewer than before; in the order of every report. */
export const countChanges = (
  before: readonly RelationCount[],
  now: readonly RelationCount[],
): readonly CountChange[] => {
  const [earlier, later] = [byReason(before), byReason(now)]
  return RELATIONS.flatMap((relation) => {
    const reasons = new Set([...(earlier.get(relation)?.keys() ?? []), ...(later.get(relation)?.keys() ?? [])])
    return [...reasons].flatMap((reason) => {
      const was = earlier.get(relation)?.get(reason) ?? 0
      const is = later.get(relation)?.get(reason) ?? 0
      return was === is ? [] : [{ relation, reason, before: was, now: is }]
    })
  })
}

const byReason = (counts: readonly RelationCount[]): ReadonlyMap<Relation, ReadonlyMap<string | null, number>> =>
  new Map(
    counts.map(({ relation, carried, left }) => [
      relation,
      new Map<string | null, number>([[null, carried], ...left.map(({ reason, count }) => [reason, count] as const)]),
    ]),
  )

/**
 * Why rows are left that are of no use at the source either, or whose account decides about them, which is compared by itself:
 * nobody loses a login, an identity or an address by more of them.
 */
const DEAD = [
  'orphan',
  'account_held_back',
  'account_deactivated',
  'email_old',
  'oauth_delegated',
  'hidden_device',
  'device_gone',
  'device_hidden',
  'superseded',
  'refresh_token_expired',
  'no_access_token',
] as const satisfies readonly ReasonCode[]

const isDead = (reason: string | null): boolean => DEAD.some((dead) => dead === reason)

/** Of the changes those of which there were none before: what becomes of such rows, nobody has seen in the plan. */
export const newKinds = (changes: readonly CountChange[]): readonly CountChange[] =>
  changes.filter(({ before, reason }) => before === 0 && !isDead(reason))

/** What people log in with, and are found by. */
const OF_PEOPLE: readonly Relation[] = ['password', 'external_id', 'threepid']

/**
 * Of the changes those by which rows that were to be carried seem to be left: of their relation fewer are carried, and more are
 * left, than accounts that came and went explain.
 * @param comeAndGone how many accounts are new or gone.
 */
export const takenAway = (changes: readonly CountChange[], comeAndGone: number): readonly CountChange[] =>
  OF_PEOPLE.flatMap((relation) => {
    const those = changes.filter((change) => change.relation === relation && !isDead(change.reason))
    const carried = those.find(({ reason }) => reason === null)
    const fewer = carried === undefined ? 0 : carried.before - carried.now
    const more = those.filter(({ reason, before, now }) => reason !== null && before > 0 && now > before)
    const left = more.reduce((sum, { before, now }) => sum + now - before, 0)
    return Math.min(fewer, left) > comeAndGone ? more : []
  })
