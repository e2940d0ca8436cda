import { sql } from 'kysely'
import { run } from '../../../postgres/statement.ts'
import type { SampledSource } from '../source-of-sample.ts'
import type { AlikeBeginning } from './alike-beginnings.ts'
import { picksByDecision } from './by-decision.ts'
import { picksByShape } from './by-shape.ts'
import { withCompany } from './company.ts'
import { fewestOf } from './picks.ts'

/** Of so many beginnings that look like a bridge's all that it takes are kept. */
const BEGINNINGS = 5

/**
 * Whose rows a sample has: of every reason, finding and shape somebody, all that belong together with them, and then whoever the key
 * gives, until there are as many as asked for. Names of nobody are among them: their rows are kept too.
 */
export const chooseAccounts = async (
  source: SampledSource,
  accounts: number,
  alike: readonly AlikeBeginning[],
): Promise<ReadonlySet<string>> => {
  const picks = [...(await picksByDecision(source)), ...(await picksByShape(source))]
  const few = new Set([...fewestOf(picks), ...alike.slice(0, BEGINNINGS).flatMap(({ mxids }) => mxids)])
  const needed = await withCompany(source, few)
  const missing = accounts - needed.size
  if (missing <= 0) return needed
  const others = await run<{ name: string }>(
    source.reader,
    sql`
      SELECT name FROM ${source.relations.users} u WHERE name IS NOT NULL
      ORDER BY hashtextextended(name, ${sql.lit(String(source.seed))}::bigint), name COLLATE "C"
      LIMIT ${sql.lit(accounts)}
    `,
  )
  const fill = others.map(({ name }) => name).filter((name) => !needed.has(name))
  return withCompany(source, new Set([...needed, ...fill.slice(0, missing)]))
}
