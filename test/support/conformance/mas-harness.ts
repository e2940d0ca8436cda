import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type pg from 'pg'
import { decisions } from '../../../src/accounts/decisions/decisions.ts'
import type { DecisionRules } from '../../../src/accounts/decisions/rules.ts'
import { compileStatement, run } from '../../../src/postgres/statement.ts'
import { NEWEST_SYNAPSE } from '../../../src/rehearsal/demo/catalogue.ts'
import { synapseDdl } from '../../../src/rehearsal/demo/ddl.ts'
import { catalogueQuery, toSourceCatalogue } from '../../../src/synapse/catalogue.ts'
import { buildRelations } from '../../../src/synapse/relations.ts'
import { openSnapshot, type Snapshot } from '../../../src/synapse/snapshot.ts'
import { MAS_WRITTEN_TABLES } from '../../../src/targets/mas/database/catalogue.ts'
import { openMas } from '../../../src/targets/mas/mas-target.ts'
import { masTables } from '../../../src/targets/mas/rows/tables.ts'
import type { ConformanceHarness } from '../../../src/testing.ts'
import { createMasDatabase } from '../migration/mas-database.ts'
import { plainMapping } from '../migration/requests.ts'
import type { TestPostgres } from '../postgres.ts'
import { soundConfig, soundHomeserver } from '../sound-mas.ts'
import { fillSynapse } from './fill-synapse.ts'

const SERVER_NAME = 'conformance.example'
const AS_OF = Date.UTC(2026, 10, 1)
const never = new AbortController().signal

const rules: DecisionRules = {
  serverName: SERVER_NAME,
  asOf: AS_OF,
  accounts: plainMapping.accounts,
  ghosts: [],
  providers: soundConfig.providers.map(({ uuid, synapseIdpId }) => ({
    authProvider: synapseIdpId ?? '',
    target: { id: uuid },
  })),
}

/** Everything people have at MAS, without its identifiers. */
const STATE = masTables({
  serverName: SERVER_NAME,
  decisions: sql``,
  seeds: { method: 'fast', key: new Uint8Array(32) },
  passwordVersion: 1,
}).map(({ table, natural }) => ({
  table,
  query: `SELECT to_jsonb(r) - 'row' AS row FROM (${compileStatement(natural.present('public'))}) r
    ORDER BY (to_jsonb(r) - 'row')::text COLLATE "C"`,
}))

/** MAS's database, filled from a Synapse database that holds the accounts of the batch at hand. */
export const masHarness = async (
  postgres: TestPostgres,
  name: string,
): Promise<ConformanceHarness & { close(): Promise<void> }> => {
  const [synapse, mas] = [`${name}_synapse`, `${name}_mas`]
  const source = await postgres.createDatabase(synapse, { encoding: 'UTF8' })
  await postgres.execute(synapse, ...synapseDdl(NEWEST_SYNAPSE))
  const [provider] = soundConfig.providers
  const config = {
    ...soundConfig,
    homeserver: SERVER_NAME,
    database: await createMasDatabase(postgres, mas, [provider?.uuid ?? '']),
  }
  const inSynapse: pg.Client = await postgres.superuser(synapse)
  const inMas: pg.Client = await postgres.superuser(mas)
  let snapshot: Snapshot | undefined

  const stranger = async (username = 'stranger'): Promise<string> => {
    const id = randomUUID()
    await inMas.query('INSERT INTO users (user_id, username, created_at) VALUES ($1, $2, now())', [id, username])
    return id
  }
  const asOwner =
    (statement: string) =>
    async ({ localpart }: { readonly localpart: string }) => {
      await inMas.query(statement, [localpart])
    }

  return {
    name: 'MAS',
    serverName: SERVER_NAME,
    reset: async () => {
      await snapshot?.close()
      snapshot = undefined
      await inMas.query(`TRUNCATE ${MAS_WRITTEN_TABLES.join(', ')} CASCADE`)
      await inMas.query('DROP SCHEMA IF EXISTS syn2op CASCADE; DROP FUNCTION IF EXISTS refuse() CASCADE')
    },
    open: () =>
      openMas({
        config,
        pepper: soundHomeserver.pepper,
        conflicts: plainMapping.conflicts,
        writers: 2,
        signal: never,
      }),
    state: async () => {
      const state: Record<string, unknown> = {}
      for (const { table, query } of STATE) state[table] = (await inMas.query(query)).rows.map(({ row }) => row)
      return state
    },
    batch: async ({ ordinal, decisions: decided, accounts }) => {
      await snapshot?.close()
      await fillSynapse(inSynapse, accounts)
      snapshot = await openSnapshot(source, { count: 1, applicationName: 'syn2op conformance', signal: never })
      const { readers } = snapshot
      const [reader] = readers
      if (reader === undefined) throw new Error('a snapshot has a reader')
      const relations = buildRelations(toSourceCatalogue(await run(reader, catalogueQuery)))
      return {
        ordinal,
        accounts: decided,
        read: async () => accounts,
        source: { decisions: decisions(relations, rules), readers },
      }
    },
    personal: [
      {
        // MAS keeps the old one beside it.
        what: 'changes the password',
        relation: 'password',
        change: asOwner(`
          INSERT INTO user_passwords (user_password_id, user_id, hashed_password, created_at, version)
          SELECT gen_random_uuid(), user_id, '$argon2id$another', now(), 2 FROM users WHERE username = $1`),
      },
      {
        what: 'logs out on all devices',
        relation: 'session',
        change: asOwner(`
          UPDATE compat_sessions SET finished_at = now()
          WHERE user_id = (SELECT user_id FROM users WHERE username = $1)`),
      },
      {
        what: 'removes the e-mail',
        relation: 'threepid',
        removes: true,
        change: asOwner('DELETE FROM user_emails WHERE user_id = (SELECT user_id FROM users WHERE username = $1)'),
      },
    ],
    foreign: {
      username: async ({ localpart }) => {
        await stranger(localpart)
      },
      email: async (address) => {
        await inMas.query(
          'INSERT INTO user_emails (user_email_id, user_id, email, created_at) VALUES (gen_random_uuid(), $1, $2, now())',
          [await stranger(), address],
        )
      },
      identity: async ({ providerId, subject }) => {
        await inMas.query(
          `INSERT INTO upstream_oauth_links
             (upstream_oauth_link_id, upstream_oauth_provider_id, user_id, subject, created_at)
           VALUES (gen_random_uuid(), $1, $2, $3, now())`,
          [providerId, await stranger(), subject],
        )
      },
      token: async (token) => {
        const session = randomUUID()
        await inMas.query(
          `INSERT INTO compat_sessions (compat_session_id, user_id, device_id, created_at) VALUES ($1, $2, 'D', now())`,
          [session, await stranger()],
        )
        await inMas.query(
          `INSERT INTO compat_access_tokens (compat_access_token_id, compat_session_id, access_token, created_at)
           VALUES (gen_random_uuid(), $1, $2, now())`,
          [session, token],
        )
      },
    },
    refuse: async (mxid) => {
      const localpart = mxid.slice(1, mxid.indexOf(':'))
      await inMas.query(`
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.username = '${localpart}' THEN RAISE check_violation USING MESSAGE = 'this name is not allowed here'; END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION refuse()`)
      return async () => {
        await inMas.query('DROP TRIGGER refuse ON users; DROP FUNCTION refuse()')
      }
    },
    breakConnection: async () => {
      await inMas.query(`
        WITH ours AS MATERIALIZED (
          SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'syn2op%'
        )
        SELECT pg_terminate_backend(pid) FROM ours`)
    },
    close: async () => {
      await snapshot?.close()
      await inSynapse.end()
      await inMas.end()
    },
  }
}
