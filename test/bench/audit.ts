/**
 * Measures the audit of a homeserver, with everything that `check` counts in Synapse's database, beside what PostgreSQL
 * needs for COUNT(*) over the same tables; and how much memory this process has for it.
 */
import { parseArgs } from 'node:util'
import { sql } from 'kysely'
import { decisions } from '../../src/accounts/decisions/decisions.ts'
import type { DecisionRules } from '../../src/accounts/decisions/rules.ts'
import { countSource } from '../../src/migration/count-source.ts'
import { run } from '../../src/postgres/statement.ts'
import { DEMO, DEMO_PROVIDERS } from '../../src/rehearsal/demo/constants.ts'
import { peopleQuery } from '../../src/synapse/audit/people.ts'
import { catalogueQuery, toSourceCatalogue } from '../../src/synapse/catalogue.ts'
import { buildRelations, REQUIRED_TABLES } from '../../src/synapse/relations.ts'
import { openSnapshot } from '../../src/synapse/snapshot.ts'
import { plainMapping } from '../support/migration/requests.ts'
import type { TestPostgres } from '../support/server-for-tests.ts'
import { soundHomeserver } from '../support/sound-mas.ts'
import { prepareDatabases } from './bench-databases.ts'
import { onBenchServer, SERVER_FLAGS } from './bench-server.ts'

const { values } = parseArgs({
  options: {
    'accounts': { type: 'string', default: '20000' },
    ...SERVER_FLAGS,
    'rounds': { type: 'string', default: '3' },
  },
})

/** Seconds of a piece of work. */
const timed = async (name: string, work: () => Promise<unknown>): Promise<void> => {
  const started = performance.now()
  await work()
  const memory = (process.resourceUsage().maxRSS / 1024).toFixed(0)
  console.log(
    `${name.padEnd(12)}${((performance.now() - started) / 1000).toFixed(2).padStart(8)} s  ${memory} MiB at most so far`,
  )
}

const measureAudit = async (postgres: TestPostgres, database: string): Promise<void> => {
  const { signal } = new AbortController()
  const snapshot = await openSnapshot(postgres.settings(database), { count: 2, applicationName: 'bench', signal })
  const [reader, other] = snapshot.readers
  if (reader === undefined || other === undefined) throw new TypeError('two readers')
  const catalogue = toSourceCatalogue(await run(reader, catalogueQuery))
  const relations = buildRelations(catalogue)
  const providers = DEMO_PROVIDERS.map(({ uuid, authProvider }) => ({ id: uuid, authProvider }))
  const rules: DecisionRules = {
    serverName: DEMO.serverName,
    asOf: DEMO.now,
    accounts: plainMapping.accounts,
    ghosts: [],
    providers: providers.map(({ id, authProvider }) => ({ authProvider, target: { id } })),
  }
  const named = decisions(relations, rules)
  for (let round = 0; round < Number(values.rounds); round++) {
    await timed('COUNT(*)', async () => {
      for (const table of [...REQUIRED_TABLES, 'refresh_tokens', 'e2e_device_keys_json']) {
        await run(reader, sql`SELECT count(*) FROM ${sql.id(table)}`)
      }
    })
    await timed('audit', () =>
      countSource({
        target: { name: 'mas', providers },
        homeserver: { ...soundHomeserver, serverName: DEMO.serverName },
        mapping: plainMapping,
        catalogue,
        unreadable: [],
        filtered: [],
        relations,
        rules,
        decisions: named,
        readers: [reader, other],
        signal,
      }),
    )
    await timed('people', () => run(reader, peopleQuery({ relations, rules, decisions: named })))
  }
  await snapshot.close()
}

await onBenchServer(`${values.accounts} accounts`, values, async (postgres) => {
  const databases = await prepareDatabases(postgres, { accounts: Number(values.accounts), mas: undefined })
  await measureAudit(postgres, databases.synapse)
  await databases.remove()
})
