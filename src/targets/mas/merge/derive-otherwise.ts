import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { run } from '../../../postgres/statement.ts'
import { incoming, type Workspace } from './workspace.ts'

/**
 * Gives wanted rows whose identifiers are taken others, made of their time and a cryptographic hash of their natural
 * key, which nobody can make clash.
 * @param seedKey secret.
 */
export const deriveOtherwise = async ({ client, tables, schema }: Workspace, seedKey: Uint8Array): Promise<void> => {
  for (const table of tables) {
    const { id } = table
    if (id === undefined) continue
    const seed = createHmac('sha256', seedKey).update(`${table.table} after a clash`).digest('hex')
    const key = sql`row(${sql.join(table.shape.natural.key.map((column) => sql.id('i', column)))})::text`
    await run(
      client,
      sql`
        UPDATE ${incoming(table)} i
        SET proposed = encode(
          substring(uuid_send(i.proposed) FROM 1 FOR 6)
            || substring(sha256(convert_to(${seed} || ${key}, 'UTF8')) FROM 1 FOR 10),
          'hex'
        )::uuid
        WHERE EXISTS (SELECT FROM ${sql.id(schema, table.table)} t WHERE t.${sql.id(id)} = i.proposed)
          OR EXISTS (SELECT FROM ${incoming(table)} other WHERE other.proposed = i.proposed AND other.ctid <> i.ctid)
      `,
    )
  }
}
