import type { CohortRule } from '../../../src/mapping/mapping.ts'
import { REST } from '../../../src/mapping/mapping.ts'
import { type MigrateRequest, migrate } from '../../../src/migration/migrate.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import type { RunDocument } from '../../../src/report/documents.ts'
import type { Stage } from '../../../src/report/run-parts.ts'
import { testPostgres } from '../postgres.ts'
import { createDemoHomeserver } from './demo-homeserver.ts'
import { createMasDatabase } from './mas-database.ts'
import { onlineRequest, type Place, type Places } from './online.ts'
import { demoProviders } from './requests.ts'

/** Five cohorts of a demo homeserver, by rules of different kinds; the rest is the sixth. */
export const FIVE_COHORTS: readonly CohortRule[] = [
  { name: 'admins', match: { admin: true } },
  { name: 'pilot', match: { localparts: ['[a-c].*'] } },
  { name: 'company', match: { emailDomains: ['example.com', 'mail.example'] } },
  { name: 'single-sign-on', match: { providers: ['oidc-keycloak', 'oidc-github'] } },
  { name: 'a-third', match: { percent: 33 } },
]

export const NAMES: readonly string[] = [...FIVE_COHORTS.map(({ name }) => name), REST]

/** The migration of a demo homeserver whose mapping has these cohorts. */
export const stagedRequest = (places: Places, cohorts: readonly CohortRule[] = FIVE_COHORTS): MigrationRequest => {
  const request = onlineRequest(places)
  return { ...request, mapping: { ...request.mapping, cohorts } }
}

/** A demo homeserver and an empty MAS, in databases whose names begin so. */
export const stagedPlaces = async (name: string, accounts: number): Promise<Places> => {
  const postgres = testPostgres()
  await createDemoHomeserver(postgres, `${name}_synapse`, { accounts })
  await createMasDatabase(postgres, `${name}_mas`, demoProviders)
  return { source: { postgres, database: `${name}_synapse` }, target: { postgres, database: `${name}_mas` } }
}

/** Changes Synapse. */
export const change = ({ source }: Places, statement: string) => source.postgres.execute(source.database, statement)

/** The statement by which somebody registers. */
export const born = (localpart: string): string =>
  `INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated)
   VALUES ('@${localpart}:demo.example', '$2b$12$0123456789012345678901uWQbLwZG1rcGiPdcgBCPzfnMZOvRVLq', 1700000000, 0, 0, 0);`

/** How many accounts the source has, those without a name among them: these are of the rest. */
export const countAccounts = async ({ source }: Places): Promise<number> => {
  const [row] = await source.postgres.execute(source.database, 'SELECT count(*)::integer AS count FROM users')
  return Number(row?.['count'])
}

type Asked = Pick<MigrateRequest, 'mode' | 'cohort' | 'limit' | 'resume'>

/** Migrates without asking. */
export const migratedWith = async (request: MigrationRequest, asked: Asked = {}): Promise<RunDocument> => {
  const document = await migrate({ ...request, ...asked, confirm: async () => true })
  if (document === undefined) throw new Error('A confirmed migration has a result')
  return document
}

export const stageNamed = (document: RunDocument, name: string): Stage => {
  const stage = document.stages?.find((one) => one.name === name)
  if (stage === undefined) throw new Error(`The run knows no cohort ${name}`)
  return stage
}

export const countOf = (document: RunDocument, outcome: string): number =>
  document.outcomes?.find((one) => one.outcome === outcome)?.count ?? 0

/** How many accounts a run has counted, whatever became of them. */
export const accountsOf = (document: RunDocument): number =>
  (document.outcomes ?? []).reduce((sum, { count }) => sum + count, 0)

/** The frozen cohort of each account on record or not, by its name; who is in none is left out. */
export const frozenCohorts = async ({ postgres, database }: Place, names: readonly string[]) => {
  const rows = await postgres.execute(
    database,
    `SELECT mxid, c.name FROM unnest(string_to_array('${names.join(' ')}', ' ')) mxid
     JOIN syn2op.cohort_member m ON m.owner = hashtextextended(mxid, 3) JOIN syn2op.cohort c ON c.number = m.cohort`,
  )
  return Object.fromEntries(rows.map((row) => [String(row['mxid']), String(row['name'])]))
}
