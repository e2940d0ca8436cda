import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { cohortMembers } from '../accounts/decisions/cohort.ts'
import {
  type CohortQuery,
  cohortTally,
  type RowsOf,
  rowsOfCohort,
  rowsOfOwners,
} from '../accounts/decisions/cohort-tally.ts'
import { type FrozenCohorts, frozenMembers } from '../accounts/decisions/frozen-cohorts.ts'
import { ownerHash } from '../difference/owner.ts'
import { cohortNames } from '../mapping/cohorts.ts'
import type { Mapping } from '../mapping/mapping.ts'
import { run } from '../postgres/statement.ts'
import type { CohortCount } from '../report/documents.ts'
import { countsByReason } from '../report/relation-counts.ts'
import type { Relations } from '../synapse/relations.ts'
import type { CohortState } from '../targets/road-history.ts'
import type { SqlRoad } from '../targets/sql-road.ts'
import type { Stoppable } from '../targets/target.ts'
import { requireSameCohorts } from './stages.ts'

/**
 * Who is in which cohort: as it was frozen, at the target or in the runs' files, else by the rules. `at`: where that is
 * known, and so who must be asked.
 */
export type Membership =
  | (CohortQuery & { readonly at: 'source'; readonly frozen: boolean })
  | { readonly names: readonly string[]; readonly at: 'target'; readonly road: SqlRoad }

interface MembershipOptions {
  readonly mapping: Mapping
  readonly relations: Relations
  /** As it was frozen at a target with a database. */
  readonly frozen?: { readonly road: SqlRoad; readonly cohorts: readonly CohortState[] } | undefined
  /** As it was frozen by earlier runs into a target without one. */
  readonly inFiles?: FrozenCohorts | undefined
}

/**
 * Undefined where there are no cohorts.
 * @throws Syn2opError run.other-cohorts where the mapping names others than were frozen.
 */
export const membershipOf = ({ mapping, relations, frozen, inFiles }: MembershipOptions): Membership | undefined => {
  const named = cohortNames(mapping)
  if (frozen !== undefined && frozen.cohorts.length > 0) {
    const names = frozen.cohorts.map(({ name }) => name)
    requireSameCohorts(named, names)
    return { names, at: 'target', road: frozen.road }
  }
  if (inFiles !== undefined) {
    requireSameCohorts(named, inFiles.names)
    return { names: inFiles.names, members: frozenMembers(inFiles, relations), at: 'source', frozen: true }
  }
  if (named.length === 0) return undefined
  return { names: named, members: cohortMembers(mapping.cohorts, relations), at: 'source', frozen: false }
}

/** For counting the rows of one cohort's accounts only. */
export const rowsOf = async (membership: Membership, name: string): Promise<RowsOf> => {
  if (membership.at === 'source') return rowsOfCohort(membership, name)
  const owners = await membership.road.cohortOwners?.(name)
  if (owners === undefined) throw new TypeError('a target that freezes cohorts says who is in them')
  return rowsOfOwners(owners)
}

interface Counted extends Stoppable {
  /** The named queries of the decisions. */
  readonly decisions: RawBuilder<unknown>
  readonly reader: Client
}

/** How many accounts of each cohort migrate, and why the others are held back; in the order of the cohorts. */
export const countCohorts = async (membership: Membership, counted: Counted): Promise<readonly CohortCount[]> => {
  const rows = await rowsByCohort(membership, counted)
  return membership.names.map((cohort) => ({
    cohort,
    ...countsByReason(rows.filter((row) => row.cohort === cohort)),
  }))
}

interface CohortRow {
  readonly cohort: string
  readonly reason: string | null
  readonly count: number
}

const rowsByCohort = async (
  membership: Membership,
  { decisions, reader, signal }: Counted,
): Promise<readonly CohortRow[]> => {
  if (membership.at === 'source') {
    const rows = await run(reader, cohortTally(decisions, membership))
    return rows.map((row) => ({ ...row, cohort: membership.names[row.cohort] ?? '' }))
  }
  const query = sql`
    WITH ${decisions}
    SELECT ${ownerHash(sql`mxid`)} AS owner, reason AS held FROM account`
  return (await membership.road.countByCohort?.({ query, reader }, { signal })) ?? []
}

/** The accounts of one cohort by name. */
export const namesIn = async (
  membership: Membership,
  cohort: string,
  { relations, reader }: { readonly relations: Relations; readonly reader: Client },
): Promise<ReadonlySet<string>> => {
  const isIn = await rowsOf(membership, cohort)
  const rows = await run<{ name: string }>(
    reader,
    sql`SELECT name FROM ${relations.users} u WHERE name IS NOT NULL AND ${isIn(sql.id('u', 'name'))}`,
  )
  return new Set(rows.map(({ name }) => name))
}
