import { sql } from 'kysely'
import type { Client } from 'pg'
import { wholePattern } from '../accounts/decisions/cohort.ts'
import { type Problem, Syn2opError } from '../errors/syn2op-error.ts'
import type { Mapping } from '../mapping/mapping.ts'
import { run } from '../postgres/statement.ts'

interface NamedPattern {
  /** Where it stands in the mapping: `ghosts.0`. */
  readonly path: string
  /** All of it must be a pattern, and so must what is matched. */
  readonly forms: readonly string[]
}

/**
 * Asks the source whether it understands every regular expression of the mapping: only PostgreSQL knows its own.
 * @param reader in a transaction, which stays usable.
 * @throws Syn2opError mapping.invalid, with every expression that is none.
 */
export const requirePatterns = async (
  reader: Client,
  { file, ghosts, cohorts }: Pick<Mapping, 'file' | 'ghosts' | 'cohorts'>,
): Promise<void> => {
  const patterns: readonly NamedPattern[] = [
    ...ghosts.map((pattern, n) => ({ path: `ghosts.${n}`, forms: [pattern] })),
    ...cohorts.flatMap(({ match: { localparts = [] } }, position) =>
      localparts.map((pattern, n) => ({
        path: `cohorts.${position}.match.localparts.${n}`,
        // Alone too: `a)|(b` is one only within the parentheses.
        forms: [pattern, wholePattern(pattern)],
      })),
    ),
  ]
  const problems: Problem[] = []
  for (const { path, forms } of patterns) {
    if (!(await arePatterns(reader, forms)))
      problems.push({ message: `\`${path}\`: PostgreSQL understands no such regular expression`, at: { file } })
  }
  if (problems.length === 0) return
  throw new Syn2opError('mapping.invalid', `The mapping file ${file} is wrong`, {
    problems,
    next: ['Correct them and run the command again.'],
  })
}

const arePatterns = async (reader: Client, [pattern, ...others]: readonly string[]): Promise<boolean> =>
  pattern === undefined || ((await isPattern(reader, pattern)) && arePatterns(reader, others))

/** SQLSTATE invalid_regular_expression. */
const INVALID = '2201B'

const isPattern = async (reader: Client, pattern: string): Promise<boolean> => {
  const savepoint = sql.id('syn2op_pattern')
  await run(reader, sql`SAVEPOINT ${savepoint}`)
  try {
    await run(reader, sql`SELECT '' ~ ${pattern} AS matches`)
    return true
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === INVALID)) throw error
    await run(reader, sql`ROLLBACK TO SAVEPOINT ${savepoint}`)
    return false
  } finally {
    await run(reader, sql`RELEASE SAVEPOINT ${savepoint}`).catch(() => {})
  }
}
