import { sql } from 'kysely'
import type { ClientBase } from 'pg'
import { run } from '../../postgres/statement.ts'
import { type SynapseVersion, synapseHas } from './catalogue.ts'
import { namesOn } from './rows.ts'
import type { DemoSpeciality } from './special.ts'

/** Whether a version of Synapse has the table and column that a speciality is about. */
export const appliesTo = (version: SynapseVersion, { table, column }: DemoSpeciality): boolean =>
  synapseHas(version, table) && (column === undefined || synapseHas(version, table, column))

/** How many rows of a homeserver's database are special in this way. */
export const countSpecial = async (
  client: ClientBase,
  speciality: DemoSpeciality,
  serverName: string,
): Promise<number> => {
  const where = speciality.where({ serverName, at: namesOn(serverName) })
  const rows = await run(
    client,
    sql<{ rows: number }>`select count(*) as rows from ${sql.id(speciality.table)} as t where ${where}`,
  )
  return Number(rows[0]?.rows)
}
