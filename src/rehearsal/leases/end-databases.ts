import { sql } from 'kysely'
import { connect } from '../../postgres/connect.ts'
import type { PostgresSettings } from '../../postgres/settings.ts'
import { run } from '../../postgres/statement.ts'
import { wordsOf } from '../words-of.ts'
import { DATABASE_PREFIX, databaseName, isCommentOf, markOfDatabase, serverOf } from './databases.ts'
import { dropWithSessions } from './drop-with-sessions.ts'
import type { Belonging } from './lease.ts'
import { leaseBeside } from './lease-root.ts'
import { mayExist } from './may-exist.ts'
import { isOrphan, type Orphan, type OrphanOptions } from './orphan.ts'

type Database = Extract<Belonging, { kind: 'database' }>
type Client = Awaited<ReturnType<typeof connect>>

const onServer = async <Result>(
  server: PostgresSettings,
  signal: AbortSignal,
  work: (client: Client) => Promise<Result>,
): Promise<Result> => {
  const client = await connect(server, { applicationName: 'syn2op rehearsal', signal })
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** What the lease of a database is known by. */
interface Whose {
  readonly id: string
  readonly folder: string
}

/**
 * Drops a database of a lease, where it is there.
 * @throws Error where its comment is somebody else's. One without a comment is ours: we died before we wrote it, and nobody else
 * names a database by our id.
 */
const dropOf = async (client: Client, name: string, whose: Whose): Promise<void> => {
  const [found] = await run(
    client,
    sql<{ comment: string | null }>`
      SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = ${name}`,
  )
  if (found === undefined) return
  if (found.comment !== null && !isCommentOf(found.comment, whose)) {
    throw new Error('its comment does not say that it is of this rehearsal, and it stays')
  }
  await dropWithSessions(client, name)
}

/**
 * Drops a database that a rehearsal noted. One whose server went with another lease is gone with that.
 * @throws Error where its server is not the one that is given now, or does not let us; where it is somebody else's by its name or
 * its comment
 */
export const dropDatabase = async (
  { server, name, serverLease }: Database,
  {
    id,
    folder,
    postgres,
    signal,
  }: Whose & { readonly postgres?: PostgresSettings | undefined; readonly signal: AbortSignal },
): Promise<readonly string[]> => {
  if (serverLease !== undefined && !(await mayExist(leaseBeside(folder, serverLease)))) return []
  const what = `the database ${name} on ${server}`
  if (postgres === undefined || serverOf(postgres) !== server || !name.startsWith(databaseName(id, ''))) {
    throw new Error(`${what}: name that server again, or drop it there`)
  }
  try {
    await onServer(postgres, signal, (client) => dropOf(client, name, { id, folder }))
  } catch (cause) {
    throw new Error(`${what}: ${wordsOf(cause)}`, { cause })
  }
  return [what]
}

/** Drops databases of rehearsals whose lease is gone, as `isOrphan` says. One that cannot be dropped is told, and keeps no other from it. */
export const dropOrphanDatabases = async (
  postgres: PostgresSettings,
  orphans: OrphanOptions,
): Promise<readonly Orphan[]> => {
  const { note, signal } = orphans
  const dropped: Orphan[] = []
  try {
    await onServer(postgres, signal, async (client) => {
      for (const { name, comment } of await listed(client)) {
        signal.throwIfAborted()
        const mark = markOfDatabase(name, comment)
        if (mark === undefined || !(await isOrphan(mark, orphans))) continue
        const what = `the database ${name} on ${serverOf(postgres)}`
        try {
          await dropWithSessions(client, name)
          dropped.push({ id: mark.id, what })
        } catch (error) {
          note(`Not dropped what the rehearsal ${mark.id} left, ${what}: ${wordsOf(error)}`)
        }
      }
    })
  } catch (error) {
    signal.throwIfAborted()
    note(`Not looked for databases that rehearsals have left: ${wordsOf(error)}`)
  }
  return dropped
}

/** Only those that our role may drop: another role's rehearsals look for theirs. */
const listed = (client: Client): Promise<readonly { readonly name: string; readonly comment: string | null }[]> =>
  run(
    client,
    sql<{ name: string; comment: string | null }>`
      SELECT datname AS name, shobj_description(oid, 'pg_database') AS comment
      FROM pg_database
      WHERE starts_with(datname, ${DATABASE_PREFIX}) AND pg_has_role(datdba, 'USAGE')
      ORDER BY datname`,
  )
