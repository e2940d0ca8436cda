import { compareGroups } from './compare-groups.ts'
import type { OutcomeGroups, OutcomeKey } from './outcome-groups.ts'

/** Accounts of which something else would become at the target than was planned; undefined: nothing would. */
export interface OutcomeDifference {
  readonly before: OutcomeKey | undefined
  readonly now: OutcomeKey
  readonly owners: readonly bigint[]
}

interface Known {
  /** The plan decides about this account. */
  readonly isPlanned: (owner: bigint) => boolean
  /** The source has it. */
  readonly isThere: (owner: bigint) => boolean
}

/**
 * What would become of accounts at the target that the plan does not say. As planned is, too: whoever was done meanwhile; an
 * account that was to stay as it is and is brought up to date; one that is removed since it is gone from the source; and a new
 * account of which becomes what the plan has of others.
 */
export const outcomeDifferences = (
  planned: OutcomeGroups,
  now: OutcomeGroups,
  { isPlanned, isThere }: Known,
): readonly OutcomeDifference[] => {
  const { moved, onlyNow } = compareGroups(planned, now)
  const staysOrGoes = (key: OutcomeKey, owner: bigint): boolean => key === 'removed' && !isThere(owner)
  const isDecided = (key: OutcomeKey, owner: bigint): boolean =>
    staysOrGoes(key, owner) || (isPlanned(owner) ? key === 'updated' : key === 'created' || planned.has(key))
  return [
    ...moved.map((one) => ({ ...one, owners: one.owners.filter((owner) => !staysOrGoes(one.now, owner)) })),
    ...[...onlyNow].map(([key, owners]) => ({
      before: undefined,
      now: key,
      owners: owners.filter((owner) => !isDecided(key, owner)),
    })),
  ].filter(({ owners }) => owners.length > 0)
}
