import { sql } from 'kysely'
import { decisions } from '../../../accounts/decisions/decisions.ts'
import { RELATIONS } from '../../../accounts/relations.ts'
import { run } from '../../../postgres/statement.ts'
import { countedBy, countedCodes } from '../../../synapse/audit/counted-codes.ts'
import { auditSubject } from '../../../synapse/audit/subject.ts'
import { everybodyMigrates, type SampledSource } from '../source-of-sample.ts'
import { type Pick, picksOf } from './picks.ts'

/** What matters to any of them is looked for. */
const TARGETS = ['mas', 'keycloak', 'auth0'] as const

const allCodes = () => [
  ...new Map(TARGETS.flatMap((target) => countedCodes(target)).map((one) => [one.code, one])).values(),
]

/** Of every reason, and of every finding that is counted in the source, some accounts. */
export const picksByDecision = async (source: SampledSource): Promise<readonly Pick[]> => {
  const { reader, relations, catalogue, unreadable, homeserver, seed } = source
  const rules = everybodyMigrates(source)
  const named = decisions(relations, rules)
  const subject = await auditSubject(reader, {
    catalogue,
    unreadable,
    filtered: [],
    homeserver,
    relations,
    rules,
    decisions: named,
  })
  const codes = allCodes()
  const found: Pick[] = []
  for (const relation of RELATIONS) {
    const conditions = countedBy(codes, 'rows').flatMap(({ code, way }) =>
      way.rows.flatMap(({ of, where }) =>
        of === relation ? [sql`CASE WHEN ${where(subject)} THEN ${sql.lit(code)} END`] : [],
      ),
    )
    const reason = sql`${sql.lit(`${relation} `)} || coalesce(reason, 'moves')`
    found.push(
      ...(await picksOf(
        reader,
        sql`SELECT mxid, unnest(ARRAY[${sql.join([reason, ...conditions])}]::text[]) AS feature FROM ${sql.id(relation)}`,
        seed,
        sql`${named},`,
      )),
    )
  }
  for (const { code, way } of countedBy(codes, 'query')) {
    const query = way.query(subject)
    if (query === undefined) continue
    const groups = await run(reader, query)
    for (const { name, first } of groups) if (first !== null) found.push({ feature: `${code} ${name}`, mxids: [first] })
  }
  return found
}
