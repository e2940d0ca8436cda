import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../../postgres/statement.ts'

/**
 * As MAS compares what somebody types with usernames and addresses: by lower() of its own database, in that one's locale.
 * Where several are equal by it, MAS takes the one that is typed exactly, and of addresses none.
 */
export const foldAsMas = async (client: Client, texts: readonly string[]): Promise<readonly string[]> => {
  const rows = await run<{ readonly folded: string }>(
    client,
    sql`
      SELECT lower(one.text) AS folded
      FROM unnest(${[...texts]}::text[]) WITH ORDINALITY AS one (text, place)
      ORDER BY one.place
    `,
  )
  return rows.map(({ folded }) => folded)
}
