import type pg from 'pg'
import { decisions } from '../../src/accounts/decisions/decisions.ts'
import type { DecisionRules } from '../../src/accounts/decisions/rules.ts'
import { accountPrints } from '../../src/migration/account-prints.ts'
import { run } from '../../src/postgres/statement.ts'
import { DEMO } from '../../src/rehearsal/demo/constants.ts'
import { catalogueQuery, toSourceCatalogue } from '../../src/synapse/catalogue.ts'
import { buildRelations } from '../../src/synapse/relations.ts'
import { plainMapping } from './migration/requests.ts'

export interface TableContents {
  /** By column; `text` stands for every type of texts, and for JSON. */
  readonly types: Readonly<Record<string, string>>
  readonly rows: number
  /** The same whatever the order of rows and columns. */
  readonly hash: string
}

/** All that a database of Synapse's holds: to compare two of them. */
export interface SourceContents {
  readonly tables: Readonly<Record<string, TableContents>>
  /** The print of each account, by the hash of its name. */
  readonly prints: ReadonlyMap<string, string>
}

const spelt = (type: string): string => (/^character|^jsonb$/.test(type) ? 'text' : type)

const rules: DecisionRules = {
  serverName: DEMO.serverName,
  asOf: DEMO.now,
  accounts: plainMapping.accounts,
  ghosts: [],
  providers: [],
}

export const sourceContents = async (client: pg.Client): Promise<SourceContents> => {
  const catalogue = toSourceCatalogue(await run(client, catalogueQuery))
  const tables: Record<string, TableContents> = {}
  for (const [table, types] of catalogue.tables) {
    const columns = [...types.keys()].toSorted().map((name) => `"${name}"::text`)
    const { rows } = await client.query<Pick<TableContents, 'rows' | 'hash'>>(
      `SELECT count(*)::integer AS rows, md5(string_agg(x::text, ',' ORDER BY x::text COLLATE "C")) AS hash
       FROM (SELECT ${columns.join(', ')} FROM "${table}") x`,
    )
    const [row] = rows
    if (row === undefined) throw new Error('A count has a row')
    const spellings = [...types].toSorted().map(([name, type]) => [name, spelt(type)])
    tables[table] = { types: Object.fromEntries(spellings), ...row }
  }
  const relations = buildRelations(catalogue)
  const named = decisions(relations, rules)
  const { prints } = accountPrints({ relations, decisions: named, rules, readers: [client] })
  const rows = (await run(client, prints({ number: 0, of: 1 }))) as readonly Record<string, unknown>[]
  return { tables, prints: new Map(rows.map(({ owner, print }) => [String(owner), String(print)])) }
}
