import { sql } from 'kysely'
import type { Client } from 'pg'
import { decisions } from '../../../src/accounts/decisions/decisions.ts'
import type { DecisionRules } from '../../../src/accounts/decisions/rules.ts'
import { RELATIONS, type Relation } from '../../../src/accounts/relations.ts'
import { run } from '../../../src/postgres/statement.ts'
import { type CatalogueRow, catalogueQuery, toSourceCatalogue } from '../../../src/synapse/catalogue.ts'
import { buildRelations } from '../../../src/synapse/relations.ts'
import { ulidToUuid } from '../../../src/targets/mas/config/ulid.ts'
import type { DecidedRow } from './compare.ts'
import type { Story } from './load-story.ts'

/** The columns of the decision statement that name a row, under the names that the stories use. */
const KEYS: Readonly<Record<Relation, Readonly<Record<string, string>>>> = {
  account: { account: 'mxid' },
  password: { account: 'mxid' },
  threepid: { account: 'mxid', medium: 'medium', address: 'address' },
  external_id: { account: 'mxid', provider: 'auth_provider', subject: 'subject' },
  session: { account: 'mxid', device: 'device_id' },
  access_token: { account: 'mxid', device: 'device_id', token: 'token' },
  refresh_token: { account: 'mxid', device: 'device_id', token: 'token' },
}

const decisionRules = (story: Story, asOf: number): DecisionRules => {
  const target = (name: string) => {
    const ulid = story.providers[name]
    if (ulid === undefined) throw new Error(`The story names no provider ${name}`)
    return { id: ulidToUuid(ulid) }
  }
  const own = Object.keys(story.providers).map((authProvider) => ({ authProvider, target: target(authProvider) }))
  const mapped = Object.entries(story.mapping.providers).map(([authProvider, to]) => ({
    authProvider,
    target: to === 'leave' ? ('leave' as const) : target(to),
  }))
  const { guests, deactivated, locked, withoutLogin, ghosts } = story.mapping
  return {
    serverName: story.server_name,
    asOf,
    accounts: { guests, deactivated, locked, withoutLogin },
    ghosts,
    providers: [...own, ...mapped],
  }
}

/** The decisions that the program makes about a source under the story's mapping. */
export const readDecisions = async (client: Client, story: Story): Promise<readonly DecidedRow[]> => {
  const catalogue = toSourceCatalogue(await run<CatalogueRow>(client, catalogueQuery))
  const asOf = story.as_of === 'now' ? Date.now() : Date.parse(story.as_of)
  const named = decisions(buildRelations(catalogue), decisionRules(story, asOf))
  const rows: DecidedRow[] = []
  for (const relation of RELATIONS) {
    const keys = Object.entries(KEYS[relation]).map(([name, column]) => sql`${sql.id(column)} AS ${sql.id(name)}`)
    const decided = await run<Omit<DecidedRow, 'relation'>>(
      client,
      sql`WITH ${named} SELECT ${sql.join(keys)}, reason FROM ${sql.id(relation)}`,
    )
    rows.push(...decided.map((row) => ({ ...row, relation })))
  }
  return rows
}
