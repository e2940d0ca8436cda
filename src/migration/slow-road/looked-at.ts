import type { RawBuilder } from 'kysely'
import type { CohortQuery } from '../../accounts/decisions/cohort-tally.ts'
import { type FrozenCohorts, frozenMembers } from '../../accounts/decisions/frozen-cohorts.ts'
import type { Relations } from '../../synapse/relations.ts'
import { frozenByRuns, type KnownRuns, writingRuns } from './known-runs.ts'

/** Which accounts are looked at. */
export interface LookedAt {
  /** Who is in which cohort; absent: there are none. */
  readonly members?: RawBuilder<unknown>
  /** By the position of an account's cohort; null: it has none. */
  readonly isLookedAt: (cohort: number | null) => boolean
  /** The cohort of an account that the source has no more. */
  readonly cohortOfGone: (mxid: string) => number | null
}

export const EVERYBODY: LookedAt = { isLookedAt: () => true, cohortOfGone: () => null }

/**
 * The accounts of some cohorts.
 * @param frozen who was in which cohort, those who left the source among them.
 */
export const lookedAt = (
  { names, members }: CohortQuery,
  wanted: readonly string[],
  frozen: FrozenCohorts | undefined,
): LookedAt => {
  const rest = names.length - 1
  const positions = new Set(wanted.map((name) => names.indexOf(name)))
  const known = new Map((frozen?.mxids ?? []).map((mxid, index) => [mxid, frozen?.cohorts[index] ?? rest]))
  return {
    members,
    isLookedAt: (cohort) => positions.has(cohort ?? rest),
    cohortOfGone: (mxid) => known.get(mxid) ?? rest,
  }
}

/** The accounts of the cohorts that a run has begun. */
export const begunByRuns = (known: Pick<KnownRuns, 'runs'>, relations: Relations): LookedAt => {
  const frozen = frozenByRuns(known)
  const begun = writingRuns(known).map(({ head }) => head.cohort)
  const named = begun.flatMap((cohort) => cohort ?? [])
  if (frozen === undefined || named.length < begun.length) return EVERYBODY
  return lookedAt({ names: frozen.names, members: frozenMembers(frozen, relations) }, named, frozen)
}
