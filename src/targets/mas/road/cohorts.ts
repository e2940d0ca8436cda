import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { requireComparableHashes } from '../../../difference/comparable-hashes.ts'
import { ownerHash } from '../../../difference/owner.ts'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { copyBetween } from '../../../postgres/copy.ts'
import { compileStatement, run } from '../../../postgres/statement.ts'
import type { CohortState } from '../../road-history.ts'
import type { CohortMembers } from '../../sql-road.ts'
import type { Stoppable } from '../../target.ts'
import { createJournal, readRuns } from '../load/journal.ts'
import type { MasDatabase } from '../mas-database.ts'
import { COHORT, COHORT_MEMBER, cohortNumberOf, frozenNames } from './cohort-tables.ts'
import { ACCOUNT } from './seen-accounts.ts'

/** Cohorts as they were frozen, in their order; none where none were. */
export const readCohorts = async ({ control }: MasDatabase): Promise<readonly CohortState[]> => {
  // Whose journal is of another format, or closed to us, is told so.
  if ((await readRuns(control)).length === 0 || (await frozenNames(control)).length === 0) return []
  return run<CohortState>(
    control,
    sql`
      WITH
        rest AS (SELECT max(number) AS number FROM ${COHORT}),
        members AS (SELECT cohort, count(*) AS count FROM ${COHORT_MEMBER} GROUP BY cohort),
        recorded AS (
          SELECT
            coalesce(m.cohort, (SELECT number FROM rest)) AS cohort,
            count(*) AS count,
            count(*) FILTER (WHERE m.owner IS NULL) AS since
          FROM ${ACCOUNT} a
          LEFT JOIN ${COHORT_MEMBER} m ON m.owner = a.owner
          GROUP BY 1
        )
      SELECT
        c.name,
        coalesce(m.count, 0) + coalesce(r.since, 0) AS members,
        c.begun_at IS NOT NULL AS begun,
        coalesce(r.count, 0) AS recorded
      FROM ${COHORT} c
      LEFT JOIN members m ON m.cohort = c.number
      LEFT JOIN recorded r ON r.cohort = c.number
      ORDER BY c.number
    `,
  )
}

const MEMBER_PART = sql.id('pg_temp', 'member_part')

/**
 * Puts on record who is in which cohort, all at once. Where that is on record nothing is changed: everybody stays where
 * they are, and who has come since is of the rest.
 * @throws Syn2opError run.other-cohorts where cohorts of other names, or in another order, are on record.
 */
export const freezeCohorts = async (
  { control }: MasDatabase,
  { names, members, reader }: CohortMembers,
  { signal }: Stoppable,
): Promise<void> => {
  await createJournal(control)
  const frozen = await frozenNames(control)
  if (frozen.length > 0) return requireSameNames(frozen, names)
  await requireComparableHashes(reader, control)
  await run(control, sql`BEGIN`)
  try {
    await run(control, sql`CREATE TEMPORARY TABLE ${MEMBER_PART} (owner bigint, cohort smallint) ON COMMIT DROP`)
    await copyBetween({
      from: reader,
      to: control,
      select: compileStatement(sql`SELECT owner, cohort FROM (${members}) x`),
      into: compileStatement(sql`COPY ${MEMBER_PART} FROM STDIN (FORMAT binary)`),
      what: 'who is in which cohort',
      signal,
    })
    await run(
      control,
      sql`
        INSERT INTO ${COHORT} (number, name, begun_at)
        SELECT position - 1, name, ${(await isAllWritten(control)) ? sql`clock_timestamp()` : sql`NULL`}
        FROM unnest(${[...names]}::text[]) WITH ORDINALITY AS named (name, position)
      `,
    )
    // Two accounts whose owners are equal by chance count as one.
    await run(
      control,
      sql`
        INSERT INTO ${COHORT_MEMBER} (owner, cohort)
        SELECT owner, min(cohort) FROM ${MEMBER_PART} GROUP BY owner ORDER BY owner
      `,
    )
    await run(control, sql`COMMIT`)
  } catch (error) {
    await run(control, sql`ROLLBACK`).catch(() => {})
    throw error
  }
  await run(control, sql`ANALYZE ${COHORT_MEMBER}`)
}

/** Whether a run over all accounts has ended: then no cohort waits for its stage. */
const isAllWritten = async (client: Client): Promise<boolean> =>
  (await readRuns(client)).some(({ kind, state, part }) => kind !== 'final' && state === 'done' && part === undefined)

const requireSameNames = (frozen: readonly string[], names: readonly string[]): void => {
  if (frozen.length === names.length && frozen.every((name, index) => name === names[index])) return
  throw new Syn2opError(
    'run.other-cohorts',
    `The mapping names the cohorts ${names.join(', ')}, and at this MAS they were frozen as ${frozen.join(', ')}`,
    {
      next: [
        'Name them in the mapping as they were when the first of them was migrated, in the same order.',
        'Or go on without stages: a mapping without cohorts migrates everybody who is left.',
        'Or take back whatever stands (`syn2op rollback last`, until nothing does): the next run settles them anew.',
      ],
    },
  )
}

/** From now on this cohort, or each of them, or each whose members are all on record, counts as begun. */
export const markBegun = async (
  database: MasDatabase,
  cohort: { readonly name: string } | 'all' | 'complete',
): Promise<void> => {
  const which = await isToBegin(database, cohort)
  await run(
    database.control,
    sql`UPDATE ${COHORT} SET begun_at = clock_timestamp() WHERE begun_at IS NULL AND ${which}`,
  )
}

const isToBegin = async (
  database: MasDatabase,
  cohort: { readonly name: string } | 'all' | 'complete',
): Promise<RawBuilder<unknown>> => {
  if (cohort === 'all') return sql`true`
  if (cohort !== 'complete') return sql`name = ${cohort.name}`
  const complete = (await readCohorts(database)).filter(isComplete)
  return sql`name = ANY (${complete.map(({ name }) => name)}::text[])`
}

/** All of its members are on record: no stage is left of it, whichever runs they came with. */
export const isComplete = ({ members, recorded }: Pick<CohortState, 'members' | 'recorded'>): boolean =>
  members > 0 && recorded >= members

/** The members of a frozen cohort; of the rest, who has come since among them, everybody else. */
export const cohortOwners = async (
  { control }: MasDatabase,
  name: string,
): Promise<{ readonly are: 'members' | 'others'; readonly owners: readonly string[] }> => {
  const names = await frozenNames(control)
  const number = names.indexOf(name)
  const isRest = number === names.length - 1
  const owners = await run<{ owner: string }>(
    control,
    sql`
      SELECT owner::text AS owner FROM ${COHORT_MEMBER}
      WHERE cohort ${isRest ? sql`<>` : sql`=`} ${number}::smallint
    `,
  )
  return { are: isRest ? 'others' : 'members', owners: owners.map(({ owner }) => owner) }
}

/** The cohort of one account as it was frozen; undefined where none were. */
export const cohortOf = async ({ control }: MasDatabase, mxid: string): Promise<string | undefined> => {
  if ((await readRuns(control)).length === 0) return undefined
  const owner = ownerHash(sql`${mxid}::text`)
  const [cohort] = await run<{ name: string }>(
    control,
    sql`SELECT name FROM ${COHORT} WHERE number = ${cohortNumberOf(owner)}`,
  )
  return cohort?.name
}
