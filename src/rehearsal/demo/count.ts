import { sql } from 'kysely'
import { type SynapseVersion, synapseHas } from './catalogue.ts'
import { namesOn } from './rows.ts'
import type { DemoSpeciality } from './special.ts'
import { type DemoClient, run } from './statement.ts'

/** Whether a version of Synapse has the table and column that a speciality is about. */
export const appliesTo = (version: SynapseVersion, { table, column }: DemoSpeciality): boolean =>
  synapseHas(version, table) && (column === undefined || synapseHas(version, table, column))

/** How many rows of a homeserver's database are special in this way. */
export const countSpecial = async (
  client: DemoClient,
  speciality: DemoSpeciality,
  serverName: string,
): Promise<number> => {
  const where = speciality.where({ serverName, at: namesOn(serverName) })
  const rows = await run(client, sql`select count(*) as rows from ${sql.id(speciality.table)} as t where ${where}`)
  return Number(rows[0]?.['rows'])
}
