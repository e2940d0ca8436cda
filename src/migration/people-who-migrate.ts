import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import type { Person } from '../accounts/account.ts'
import { eachRow } from '../postgres/cursor.ts'
import type { Relations } from '../synapse/relations.ts'
import type { Naming } from './naming.ts'

interface PeopleSource {
  readonly relations: Relations
  /** The named queries of `decisions`. */
  readonly decisions: RawBuilder<unknown>
  readonly naming: Naming
  /** In a snapshot of the source. */
  readonly reader: Client
}

type PersonRow = Pick<Person, 'mxid' | 'localpart' | 'isDeactivated' | 'threepids'> & {
  readonly displayName: string | null
}

/** Everybody who migrates, named as they would be at the target. */
export async function* peopleWhoMigrate({
  relations,
  decisions,
  naming,
  reader,
}: PeopleSource): AsyncGenerator<Person> {
  const query = personRows(decisions, naming.asksDisplayNames ? relations.profiles : undefined)
  for await (const { displayName, ...row } of eachRow(reader, 'syn2op_people', query)) {
    const person = naming.shape(row, displayName ?? undefined)
    if (person !== undefined) yield person
  }
}

const personRows = (
  decisions: RawBuilder<unknown>,
  profiles: RawBuilder<unknown> | undefined,
): RawBuilder<PersonRow> => sql`
  WITH ${decisions}
  SELECT
    a.mxid,
    a.localpart,
    a.is_deactivated AS "isDeactivated",
    ${profiles === undefined ? sql`NULL` : sql`p.displayname`} AS "displayName",
    coalesce(t.threepids, '[]') AS threepids
  FROM account a
  LEFT JOIN (
    SELECT mxid, json_agg(json_build_object('medium', medium, 'address', address, 'addedAt', added_ms)) AS threepids
    FROM threepid
    WHERE reason IS NULL
    GROUP BY mxid
  ) t ON t.mxid = a.mxid
  ${profiles === undefined ? sql`` : sql`LEFT JOIN ${profiles} p ON p.localpart = a.localpart`}
  WHERE a.reason IS NULL
`
