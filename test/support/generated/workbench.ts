import type { Client } from 'pg'
import type { Mapping } from '../../../src/mapping/mapping.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { NEWEST_SYNAPSE } from '../../../src/rehearsal/demo/catalogue.ts'
import { synapseDdl } from '../../../src/rehearsal/demo/ddl.ts'
import { MAS_WRITTEN_TABLES } from '../../../src/targets/mas/database/catalogue.ts'
import { emptySourceRecord, type MasRows, readMasRows, readSourceRecord, type SourceRecord } from '../expected-rows.ts'
import { createMasDatabase } from '../migration/mas-database.ts'
import { type Ends, masProvider, plainMapping, requestOf } from '../migration/requests.ts'
import type { OracleRules } from '../oracle.ts'
import type { TestPostgres } from '../postgres.ts'
import type { Homeserver } from './homeserver.ts'
import { loadHomeserver } from './load.ts'
import type { MappingSpec } from './specs.ts'
import { SERVER } from './values.ts'

export const PROVIDERS = [
  { id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', uuid: '01563e3a-b5d3-d676-4c61-efb99302bd5b', authProvider: 'oidc-one' },
  { id: '01ARZ3NDEKTSV4RRFFQ69G5FAW', uuid: '01563e3a-b5d3-d676-4c61-efb99302bd5c', authProvider: 'oidc-two' },
]

const mappingOf = ({ emails, ...spec }: MappingSpec): Mapping => ({
  ...plainMapping,
  ...spec,
  ...(emails === undefined ? {} : { emails }),
  // A finished run knows its mapping again by this.
  sha256: Buffer.from(JSON.stringify({ ...spec, emails }))
    .toString('hex')
    .padEnd(64, '0'),
})

/** What is the same for every run of a case, but for the as-of time. */
export interface CaseRules {
  readonly mapping: MappingSpec
  readonly asOf: number
}

export const oracleRules = ({ mapping, asOf }: CaseRules): OracleRules => ({
  serverName: SERVER,
  asOf,
  mapping: mappingOf(mapping),
  providers: Object.fromEntries(PROVIDERS.map(({ authProvider, uuid }) => [authProvider, uuid])),
})

/** One source and one MAS, used for one generated homeserver after the other. */
export interface Workbench {
  readonly ends: Ends
  /** Makes the source hold these rows and no others. */
  fill(rows: Homeserver): Promise<void>
  /** MAS as its own tools leave it. */
  emptyMas(): Promise<void>
  request(rules: CaseRules): MigrationRequest
  readSource(): Promise<SourceRecord>
  readMas(): Promise<MasRows>
  close(): Promise<void>
}

const emptyMas = async (mas: Client): Promise<void> => {
  const tables = MAS_WRITTEN_TABLES.toReversed().map((table) => `DELETE FROM ${table}`)
  await mas.query(['SET client_min_messages = warning', 'DROP SCHEMA IF EXISTS syn2op CASCADE', ...tables].join('; '))
}

/** @param name what the names of its two databases begin with. */
export const openWorkbench = async (postgres: TestPostgres, name: string): Promise<Workbench> => {
  const synapse = await postgres.createDatabase(`${name}_synapse`, { encoding: 'UTF8' })
  await postgres.execute(synapse.database, ...synapseDdl(NEWEST_SYNAPSE))
  const mas = await createMasDatabase(
    postgres,
    `${name}_mas`,
    PROVIDERS.map(({ uuid }) => uuid),
  )
  const source = await postgres.superuser(synapse.database)
  const target = await postgres.superuser(mas.database)
  // Somebody who looks with a tool is no MAS that runs.
  await target.query("SET application_name = 'psql'")
  const ends = { synapse, mas }
  return {
    ends,
    fill: (rows) => loadHomeserver(source, { ...emptySourceRecord.tables, ...rows }),
    emptyMas: () => emptyMas(target),
    request: ({ mapping, asOf }) => {
      const providers = PROVIDERS.map(masProvider)
      const request = requestOf(ends, { serverName: SERVER, asOf, mapping: mappingOf(mapping), providers })
      // Our own connections, which stay open from case to case.
      return { ...request, accept: [...request.accept, 'SYNAPSE_RUNNING', 'MAS_TOOLS_CONNECTED'] }
    },
    readSource: () => readSourceRecord(source),
    readMas: () => readMasRows(target),
    close: async () => {
      await source.end()
      await target.end()
    },
  }
}
