import { type RawBuilder, sql } from 'kysely'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { run } from '../../../postgres/statement.ts'
import type { RollbackScope } from '../../road-rollback.ts'
import { JOURNAL_SCHEMA, type RunRecord, readRuns } from '../load/journal.ts'
import type { MasDatabase } from '../mas-database.ts'
import { COHORT, isInCohort } from '../road/cohort-tables.ts'
import { namesOf, requireRecord, runsCovered } from './runs-covered.ts'

/** What is taken back, as the journal knows it. */
export interface Covered {
  /** The runs that are taken back; of a cohort none: whichever run wrote its accounts. */
  readonly runs: readonly RunRecord[]
  /** A query over the journal: owner, of every account that it concerns. */
  readonly owners: RawBuilder<{ readonly owner: string }>
  /** Of a row of the journal's written_row or before_image: whether it is of what is taken back. */
  readonly isCovered: (alias: string) => RawBuilder<boolean>
  /** Its name, of a cohort. */
  readonly cohort?: string
}

const written = sql.id(JOURNAL_SCHEMA, 'written_row')
const images = sql.id(JOURNAL_SCHEMA, 'before_image')

/**
 * @throws Syn2opError run.missing where nothing of this name is on record; run.not-possible where it has been taken back,
 * is not on record row by row, or where later runs built upon it.
 */
export const coveredBy = async (database: MasDatabase, scope: RollbackScope): Promise<Covered> => {
  const runs = await readRuns(database.control)
  if (scope.kind === 'cohort') return coveredCohort(database, { name: scope.name, runs })
  const covered = runsCovered(scope.runId, runs)
  const numbers = covered.map(({ runNumber }) => runNumber)
  const isCovered = (alias: string): RawBuilder<boolean> =>
    sql`${sql.id(alias, 'run_number')} = ANY (${numbers}::integer[])`
  const owners: Covered['owners'] = sql`
    SELECT w.owner FROM ${written} w WHERE ${isCovered('w')}
    UNION
    SELECT i.owner FROM ${images} i WHERE ${isCovered('i')}
  `
  await requireNewest(database, { covered, runs, isCovered, owners })
  return { runs: covered, owners, isCovered }
}

/** A later run goes first: what it wrote, or changed, leans on what this one did, be it that a row moved to somebody else. */
const requireNewest = async (
  { control }: MasDatabase,
  {
    covered,
    runs,
    isCovered,
    owners,
  }: Pick<Covered, 'isCovered' | 'owners'> & {
    readonly covered: readonly RunRecord[]
    readonly runs: readonly RunRecord[]
  },
): Promise<void> => {
  const newest = Math.max(...covered.map(({ runNumber }) => runNumber))
  const later = runs.filter(({ runNumber, state }) => runNumber > newest && state !== 'undone')
  if (later.length === 0) return
  const shared = await run<{ number: number }>(
    control,
    sql`
      WITH later AS (
        SELECT owner, table_number, key, run_number FROM ${written} WHERE run_number > ${newest}::integer
        UNION ALL
        SELECT owner, table_number, key, run_number FROM ${images} WHERE run_number > ${newest}::integer
      )
      SELECT l.run_number AS number FROM later l WHERE l.owner IN (${owners})
      UNION
      SELECT l.run_number FROM later l
      WHERE (l.table_number, l.key) IN (SELECT i.table_number, i.key FROM ${images} i WHERE ${isCovered('i')})
    `,
  )
  const names = later.filter(({ runNumber }) => shared.some(({ number }) => number === runNumber))
  if (names.length === 0) return
  throw new Syn2opError('run.not-possible', `Later runs changed the same accounts: ${namesOf(names)}`, {
    next: names.map(({ runId }) => `Take it back first: syn2op rollback ${runId}`),
  })
}

const coveredCohort = async (
  { control }: MasDatabase,
  { name, runs }: { readonly name: string; readonly runs: readonly RunRecord[] },
): Promise<Covered> => {
  const frozen = await frozenCohorts(control)
  if (!frozen.includes(name)) throw noSuchCohort(name, frozen)
  requireRecord(runs)
  const account = sql.id(JOURNAL_SCHEMA, 'account')
  return {
    runs: [],
    owners: sql`
      SELECT r.owner
      FROM (SELECT owner FROM ${written} UNION SELECT owner FROM ${account}) r
      WHERE ${isInCohort(sql`r.owner`, name)}
    `,
    isCovered: () => sql`true`,
    cohort: name,
  }
}

const frozenCohorts = async (control: MasDatabase['control']): Promise<readonly string[]> => {
  const [table] = await run<{ exists: boolean }>(
    control,
    sql`SELECT to_regclass(${`${JOURNAL_SCHEMA}.cohort`}) IS NOT NULL AS exists`,
  )
  if (table?.exists !== true) return []
  return (await run<{ name: string }>(control, sql`SELECT name FROM ${COHORT} ORDER BY number`)).map(({ name }) => name)
}

const noSuchCohort = (name: string, cohorts: readonly string[]): Syn2opError =>
  new Syn2opError('run.missing', `No cohort ${name} is on record at this MAS`, {
    next: [
      cohorts.length === 0
        ? 'No cohorts were frozen here: no run of `syn2op migrate` had any.'
        : `These are: ${cohorts.join(', ')}.`,
    ],
  })
