import type { RawBuilder } from 'kysely'
import type { CohortQuery } from '../../accounts/decisions/cohort-tally.ts'
import { type FrozenCohorts, frozenMembers } from '../../accounts/decisions/frozen-cohorts.ts'
import type { Relations } from '../../synapse/relations.ts'
import { accountsOfRuns } from './accounts-of-runs.ts'
import { frozenByRuns, isWhole, type KnownRuns, standingRuns, writingRuns } from './known-runs.ts'
import { stagesOfRuns } from './stages.ts'

/** Which accounts are looked at. */
export interface LookedAt {
  /** Who is in which cohort; absent: there are none. */
  readonly members?: RawBuilder<unknown>
  /** @param cohort the position of an account's cohort; null: it has none. */
  readonly isLookedAt: (cohort: number | null, mxid: string | null) => boolean
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

/**
 * The accounts that the runs have come to: of the cohorts that one has begun, and whoever is on record beside; nobody who
 * was taken back since. Where no run is known, everybody.
 */
export const begunByRuns = (known: Pick<KnownRuns, 'runs'>, relations: Relations): LookedAt => {
  if (writingRuns(known).length === 0) return EVERYBODY
  const { recorded, takenBack } = accountsOfRuns(known)
  const runs = standingRuns(known)
  const hasBegunAll = runs.some(isWhole)
  const frozen = frozenByRuns(known)
  const begun = stagesOfRuns(known).flatMap((stage) => (stage.begun ? [stage.name] : []))
  const { isLookedAt, ...cohorts } =
    frozen === undefined
      ? { ...EVERYBODY, isLookedAt: () => false }
      : lookedAt({ names: frozen.names, members: frozenMembers(frozen, relations) }, begun, frozen)
  // Whoever has no name is in no batch: the first run that is not of one cohort holds them all back.
  const isNamelessSeen = runs.some(({ head }) => head.cohort === undefined)
  return {
    ...cohorts,
    isLookedAt: (cohort, mxid) => {
      if (mxid !== null && takenBack.has(mxid)) return false
      const isSeen = mxid === null ? isNamelessSeen : recorded.has(mxid)
      return hasBegunAll || isSeen || isLookedAt(cohort, mxid)
    },
  }
}
