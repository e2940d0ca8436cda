import { sql } from 'kysely'
import type { Client } from 'pg'
import { decisions } from '../../accounts/decisions/decisions.ts'
import { readAccounts } from '../../accounts/read-accounts.ts'
import type { Mapping } from '../../mapping/mapping.ts'
import { run } from '../../postgres/statement.ts'
import type { ExplainedRow } from '../../report/explanation.ts'
import type { MappingTestDocument, NamedRule, TestedAccount, TestedRow } from '../../report/mapping-documents.ts'
import { scopeRelations } from '../../synapse/scope.ts'
import { syn2opVersion } from '../../version.ts'
import { cohortByRules } from '../explain/account-cohort.ts'
import { readAccount, readRows } from '../explain/source-rows.ts'
import { readDisplayNames } from '../naming.ts'
import { type OpenSource, withEnds } from '../open-source.ts'
import type { MigrationRequest } from '../request.ts'
import { namedRule, ruleOfReason } from './named-rule.ts'

/**
 * What the rules make of some accounts: the decision, and the rule that made it. Writes nothing.
 * @throws Syn2opError mapping.invalid, and those of the databases.
 */
export const testMapping = (request: MigrationRequest, mxids: readonly string[]): Promise<MappingTestDocument> =>
  withEnds(request, async (source) => {
    const { mapping } = request
    const accounts: TestedAccount[] = []
    for (const mxid of mxids) accounts.push(await testAccount(mapping, mxid, source))
    return {
      kind: 'mapping-test',
      format: 1,
      syn2op: syn2opVersion(),
      mapping: { file: mapping.file, sha256: mapping.sha256 },
      accounts,
    }
  })

const testAccount = async (
  mapping: Mapping,
  mxid: string,
  { relations, rules, readers, reader, naming }: OpenSource,
): Promise<TestedAccount> => {
  const scoped = await scopeRelations({ relations, rules, readers, accounts: [mxid] })
  const decided = decisions(scoped, rules)
  const account = await readAccount(reader, { decisions: decided, relations: scoped, mxid, asOf: rules.asOf })
  const rows = (await readRows(reader, decided, mxid)).filter(isTested).map((row) => testedRow(mapping, row))
  if (account === undefined) return { mxid, rows }
  const { decision, reason } = account
  const by =
    reason === 'ghost_namespace' ? await ghostRule(reader, mapping, mxid, rules.ghosts) : ruleOfReason(mapping, reason)
  const cohort = await cohortByRules(mapping, { mxid, relations: scoped, reader })
  const [own] = await readAccounts(reader, decided)
  const displayNames =
    naming?.asksDisplayNames === true && own !== undefined
      ? await readDisplayNames(reader, relations, [own.localpart])
      : undefined
  const shaped = own === undefined ? undefined : (naming?.shape(own, displayNames?.get(own.localpart)) ?? own)
  return {
    mxid,
    decision,
    ...(reason === undefined ? {} : { reason }),
    ...(by === undefined ? {} : { by }),
    ...(cohort === undefined ? {} : { cohort }),
    ...(shaped === undefined ? {} : { username: shaped.username ?? shaped.localpart }),
    ...(shaped?.primaryEmail === undefined ? {} : { primaryEmail: shaped.primaryEmail }),
    ...(shaped?.attributes === undefined ? {} : { attributes: shaped.attributes }),
    rows,
  }
}

const isTested = (row: ExplainedRow): row is TestedRow['row'] =>
  row.relation === 'threepid' || row.relation === 'external_id'

const testedRow = (mapping: Mapping, row: TestedRow['row']): TestedRow => {
  if (row.relation === 'threepid') {
    const by = ruleOfReason(mapping, row.reason)
    return { row, ...(by === undefined ? {} : { by }) }
  }
  const named = Object.hasOwn(mapping.providers, row.authProvider) ? mapping.providers[row.authProvider] : undefined
  return {
    row,
    ...(row.decision === 'carry' ? { provider: named ?? row.authProvider } : {}),
    ...(named === undefined ? {} : { by: namedRule(mapping, 'providers', row.authProvider) }),
  }
}

/** Those of the mapping come first; the others are of registration files. */
const ghostRule = async (
  reader: Client,
  mapping: Mapping,
  mxid: string,
  patterns: readonly string[],
): Promise<NamedRule> => {
  const [first] = await run<{ position: number }>(
    reader,
    sql`
      SELECT p.position::integer AS position
      FROM unnest(${[...patterns]}::text[]) WITH ORDINALITY p (pattern, position)
      WHERE ${mxid}::text ~ p.pattern
      ORDER BY 1
      LIMIT 1
    `,
  )
  const position = (first?.position ?? 1) - 1
  return position < mapping.ghosts.length
    ? namedRule(mapping, 'ghosts', String(position))
    : namedRule(mapping, 'registrations')
}
