import { type RawBuilder, sql } from 'kysely'
import { finding } from '../findings/catalogue.ts'
import type { Finding } from '../findings/finding.ts'
import { describeSettings } from '../postgres/settings.ts'
import { run } from '../postgres/statement.ts'
import type { OpenPlace } from './open-place.ts'

/** What can be known of who has logged in by links. none: the place is too old to keep it. */
export type SeenLogins = 'all' | 'none' | 'not allowed'

export const seenLogins = async ({ client, schema, place: { logins } }: OpenPlace): Promise<SeenLogins> => {
  const [row] = await run(
    client,
    sql<{ readable: boolean }>`
      SELECT has_table_privilege(c.oid, 'SELECT') AS readable
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ${schema} AND c.relname = ${logins.table}`,
  )
  if (row === undefined) return 'none'
  return row.readable ? 'all' : 'not allowed'
}

/** Of a row `t` of the table of links: somebody has logged in by it, as far as that is seen. */
export const isUsed = (
  { place: { logins }, schema }: { readonly place: Pick<OpenPlace['place'], 'logins'>; readonly schema: string },
  seen: SeenLogins,
): RawBuilder<unknown> => (seen === 'all' ? logins.isUsed(schema) : logins.isUsedByItself)

/** Links that people use would go with the others, and with them the way into their accounts. */
export const hiddenLogins = (
  { place: { logins, settings }, schema, user }: OpenPlace,
  seen: SeenLogins,
): readonly Finding[] =>
  seen !== 'not allowed'
    ? []
    : [
        finding('LINK_LOGINS_HIDDEN', {
          message: `The role ${user} at ${describeSettings(settings)} may not read ${logins.table}, which says who has logged in by a link`,
          samples: [logins.table],
          remedy: [
            `As an administrator of the database: GRANT SELECT ON "${schema}"."${logins.table}" TO "${user}";`,
            'Or name a role that may, with --link-database.',
            'Where nobody has logged in by these links yet, accept it: --accept LINK_LOGINS_HIDDEN',
          ],
        }),
      ]
