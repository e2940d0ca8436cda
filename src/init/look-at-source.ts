import { type RawBuilder, sql } from 'kysely'
import pg from 'pg'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { connect } from '../postgres/connect.ts'
import { databaseFailure } from '../postgres/server-error.ts'
import { describeSettings, type PostgresSettings } from '../postgres/settings.ts'
import { run } from '../postgres/statement.ts'
import { catalogueQuery, toSourceCatalogue } from '../synapse/catalogue.ts'
import type { HomeserverConfig } from '../synapse/homeserver.ts'
import { toPostgresPattern } from '../synapse/python-regex.ts'
import { buildRelations, type Relations } from '../synapse/relations.ts'
import { ACTIVE_DAYS, type NamedCount, type NamespaceUse, type SourceFacts } from './facts.ts'

const DAY_MS = 86_400_000

/** How many e-mail domains are worth a line. */
const DOMAINS = 3

export interface LookAtSource {
  readonly homeserver: Pick<HomeserverConfig, 'applicationServices'>
  readonly asOf: number
  readonly signal: AbortSignal
}

/**
 * Counts what the starter files need. Only reads.
 * @throws Syn2opError those of the database, or config.invalid where it is not Synapse's.
 */
export const lookAtSource = async (settings: PostgresSettings, look: LookAtSource): Promise<SourceFacts> => {
  const client = await connect(settings, { applicationName: 'syn2op init', signal: look.signal })
  try {
    await run(client, sql`SET default_transaction_read_only = on`)
    const catalogue = toSourceCatalogue(await run(client, catalogueQuery))
    if (!catalogue.tables.has('users')) {
      throw new Syn2opError('config.invalid', `${describeSettings(settings)} has no table users: it is not Synapse's`)
    }
    return await count(client, buildRelations(catalogue), look)
  } catch (error) {
    throw error instanceof pg.DatabaseError ? databaseFailure('Counting', client, error) : error
  } finally {
    await client.end()
  }
}

const count = async (
  client: pg.Client,
  relations: Relations,
  { homeserver, asOf }: LookAtSource,
): Promise<SourceFacts> => {
  const [kinds] = await run(client, kindsQuery(relations, asOf))
  if (kinds === undefined) throw new TypeError('an aggregate has one row')
  const namespaces: NamespaceUse[] = []
  for (const { id, users } of homeserver.applicationServices) {
    for (const namespace of users) {
      const use = await namespaceUse(client, relations, namespace.regex)
      namespaces.push({ service: id, ...namespace, ...use })
    }
  }
  return {
    ...kinds,
    providers: await run(client, providersQuery(relations)),
    emailDomains: await run(client, domainsQuery(relations)),
    namespaces,
  }
}

/** Of the users table `u`. */
const IS_PERSON = sql`NOT u.is_guest AND NOT u.deactivated AND u.appservice_id IS NULL`

type Kinds = Pick<SourceFacts, 'accounts' | 'guests' | 'deactivated' | 'locked' | 'ofServices' | 'people' | 'active'>

const kindsQuery = ({ users, devices }: Relations, asOf: number): RawBuilder<Kinds> => sql`
  SELECT
    count(*)::double precision AS accounts,
    (count(*) FILTER (WHERE u.is_guest))::double precision AS guests,
    (count(*) FILTER (WHERE u.deactivated))::double precision AS deactivated,
    (count(*) FILTER (WHERE u.locked))::double precision AS locked,
    (count(*) FILTER (WHERE u.appservice_id IS NOT NULL))::double precision AS "ofServices",
    (count(*) FILTER (WHERE ${IS_PERSON}))::double precision AS people,
    (count(*) FILTER (WHERE ${IS_PERSON} AND seen.user_id IS NOT NULL))::double precision AS active
  FROM ${users} u
  LEFT JOIN (
    SELECT DISTINCT d.user_id FROM ${devices} d WHERE d.last_seen >= ${asOf - ACTIVE_DAYS * DAY_MS}::bigint
  ) seen ON seen.user_id = u.name
`

const providersQuery = ({ externalIds }: Relations): RawBuilder<NamedCount> => sql`
  SELECT coalesce(e.auth_provider, '') AS name, count(*)::double precision AS count
  FROM ${externalIds} e
  GROUP BY 1
  ORDER BY 2 DESC, 1
`

const domainsQuery = ({ threepids, users }: Relations): RawBuilder<NamedCount> => sql`
  SELECT lower(split_part(t.address, '@', 2)) AS name, count(DISTINCT t.user_id)::double precision AS count
  FROM ${threepids} t
  JOIN ${users} u ON u.name = t.user_id
  WHERE t.medium = 'email' AND ${IS_PERSON} AND split_part(t.address, '@', 2) <> ''
  GROUP BY 1
  ORDER BY 2 DESC, 1
  LIMIT ${sql.lit(DOMAINS)}
`

/** How many accounts it matches; nothing where PostgreSQL cannot read what Python can. */
const namespaceUse = async (
  client: pg.Client,
  { users, externalIds, devices }: Relations,
  regex: string,
): Promise<Pick<NamespaceUse, 'matched'>> => {
  const pattern = toPostgresPattern(regex)
  if (typeof pattern !== 'string') return {}
  try {
    const [matched] = await run<{ unmarked: number; likePeople: number }>(
      client,
      sql`
        SELECT
          count(*)::double precision AS unmarked,
          (count(*) FILTER (WHERE u.password_hash <> ''
            OR EXISTS (SELECT FROM ${externalIds} e WHERE e.user_id = u.name)
            OR EXISTS (SELECT FROM ${devices} d WHERE d.user_id = u.name AND NOT d.hidden)
          ))::double precision AS "likePeople"
        FROM ${users} u
        WHERE u.appservice_id IS NULL AND u.name ~ ${pattern}
      `,
    )
    return matched === undefined ? {} : { matched }
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === INVALID_REGEX) return {}
    throw error
  }
}

const INVALID_REGEX = '2201B'
