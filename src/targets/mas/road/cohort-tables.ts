import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'
import { JOURNAL_SCHEMA } from '../load/journal.ts'

export const COHORT = sql.id(JOURNAL_SCHEMA, 'cohort')
export const COHORT_MEMBER = sql.id(JOURNAL_SCHEMA, 'cohort_member')

/** The number of the cohort that takes everybody else. */
export const REST = sql`(SELECT max(number) FROM ${COHORT})`

/** The number of an owner's cohort: the rest's where the owner has come since cohorts were frozen; NULL where none were. */
export const cohortNumberOf = (owner: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`coalesce((SELECT m.cohort FROM ${COHORT_MEMBER} m WHERE m.owner = ${owner}), ${REST})`

/** Whether an owner belongs to the cohort of this name; everybody does where none is named. */
export const isInCohort = (owner: RawBuilder<unknown>, name: string | undefined): RawBuilder<unknown> =>
  name === undefined
    ? sql`true`
    : sql`${cohortNumberOf(owner)} = (SELECT c.number FROM ${COHORT} c WHERE c.name = ${name})`

/** Whether an owner belongs to a cohort that no run has begun. */
export const isWaiting = (owner: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`coalesce(${cohortNumberOf(owner)} IN (SELECT c.number FROM ${COHORT} c WHERE c.begun_at IS NULL), false)`

export const frozenNames = async (client: Client): Promise<readonly string[]> => {
  const rows = await run<{ name: string }>(client, sql`SELECT name FROM ${COHORT} ORDER BY number`)
  return rows.map(({ name }) => name)
}

/** Whether an owner belongs to one cohort; everybody does where none is named. */
export const cohortFilter = async (
  client: Client,
  name: string | undefined,
): Promise<(owner: RawBuilder<unknown>) => RawBuilder<unknown>> => {
  if (name === undefined) return () => sql`true`
  const names = await frozenNames(client)
  const number = sql.lit(names.indexOf(name))
  const members = (owner: RawBuilder<unknown>, which: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`EXISTS (SELECT FROM ${COHORT_MEMBER} m WHERE m.owner = ${owner} AND m.cohort ${which})`
  const isRest = names.at(-1) === name
  return (owner) => (isRest ? sql`NOT ${members(owner, sql`<> ${number}`)}` : members(owner, sql`= ${number}`))
}
