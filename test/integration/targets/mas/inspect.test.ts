import type pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { connect } from '../../../../src/postgres/connect.ts'
import { checkMas } from '../../../../src/targets/mas/check-mas.ts'
import { MAS_CATALOGUE } from '../../../../src/targets/mas/database/catalogue.ts'
import { inspectMas } from '../../../../src/targets/mas/database/inspect.ts'
import type { MasInspection } from '../../../../src/targets/mas/database/inspection.ts'
import { masDdl } from '../../../../src/targets/mas/database/schema.ts'
import { readTablespaces, type TablespaceUse } from '../../../../src/targets/mas/database/tablespaces.ts'
import { testPostgres } from '../../../support/postgres.ts'
import { soundCheck, soundConfig, soundInspection } from '../../../support/sound-mas.ts'

const TEMPLATE = 'mas_inspect_template'
const DATABASE = 'mas_inspect'
const OWNER = 'mas_inspect_owner'
const STRANGER = 'mas_inspect_stranger'
const PROVIDER = soundConfig.providers[0]!.uuid

const postgres = testPostgres()
const sql = (...statements: readonly string[]) => postgres.execute(DATABASE, ...statements)

const dropRoles = () => postgres.execute('postgres', `DROP ROLE IF EXISTS ${OWNER}`, `DROP ROLE IF EXISTS ${STRANGER}`)

/** Connects as a role, the way the program does, looks, and hangs up. */
const inspectAs = async (user: string, options?: string): Promise<MasInspection> => {
  const settings = { ...postgres.settings(DATABASE), user, ...(options === undefined ? {} : { options }) }
  const client = await connect(settings, { applicationName: 'syn2op test' })
  try {
    return await inspectMas(client)
  } finally {
    await client.end()
  }
}

const codes = (inspection: MasInspection): readonly string[] =>
  checkMas({ ...soundCheck, inspection }).map(({ code }) => code)

beforeAll(async () => {
  await dropRoles()
  await postgres.execute(
    'postgres',
    `CREATE ROLE ${OWNER} LOGIN PASSWORD '${postgres.password}'`,
    `CREATE ROLE ${STRANGER} LOGIN PASSWORD '${postgres.password}'`,
  )
  await postgres.createDatabase(TEMPLATE)
  await postgres.execute(
    TEMPLATE,
    `GRANT CREATE ON DATABASE ${TEMPLATE} TO ${OWNER}`,
    `GRANT CREATE ON SCHEMA public TO ${OWNER}`,
    `SET SESSION AUTHORIZATION ${OWNER}`,
    ...masDdl(),
    `INSERT INTO upstream_oauth_providers
       (upstream_oauth_provider_id, scope, client_id, token_endpoint_auth_method, created_at, issuer, human_name)
     VALUES ('${PROVIDER}', 'openid', 'client', 'none', now(), 'https://one.example/', 'One')`,
  )
})

beforeEach(async () => {
  await postgres.createDatabase(DATABASE, { template: TEMPLATE })
  // Privileges on a database itself are not copied with a template.
  await postgres.execute('postgres', `GRANT CREATE ON DATABASE ${DATABASE} TO ${OWNER}`)
})

afterAll(async () => {
  for (const name of [DATABASE, TEMPLATE]) await postgres.execute('postgres', `DROP DATABASE ${name} WITH (FORCE)`)
  await dropRoles()
})

describe('a MAS database as its own migrations leave it', () => {
  it('is seen whole, and the check finds nothing', async () => {
    const inspection = await inspectAs(OWNER)
    const { serverVersion, serverVersionNumber, ...seen } = inspection
    const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
      one.name < other.name ? -1 : 1
    const { serverVersion: _, serverVersionNumber: __, ...sound } = soundInspection
    const judged = MAS_CATALOGUE.tables
      .filter(({ role }) => ['written', 'empty'].includes(role))
      .map(({ name }) => name)
    expect({ ...seen, tables: seen.tables.toSorted(byName) }).toEqual({
      ...sound,
      database: DATABASE,
      user: OWNER,
      providers: [{ uuid: PROVIDER, issuer: 'https://one.example/', humanName: 'One', disabled: false }],
      tables: sound.tables
        .map(({ hasRows, ...table }) => ({
          ...table,
          owner: OWNER,
          filtered: false,
          ...(judged.includes(table.name) ? { hasRows } : {}),
        }))
        .toSorted(byName),
    })
    expect(serverVersion).toMatch(/^\d+/)
    expect(serverVersionNumber).toBeGreaterThanOrEqual(140_000)
    expect(codes(inspection)).toEqual([])
  })

  it('is left as it was', async () => {
    const settings = { ...postgres.settings(DATABASE), user: OWNER }
    const client = await connect(settings, { applicationName: 'syn2op test', access: 'read-only' })
    await expect(inspectMas(client)).resolves.toMatchObject({ database: DATABASE })
    await client.end()
  })
})

describe('a MAS database in another state', () => {
  it('is not empty when one person is in it', async () => {
    await sql("INSERT INTO users (user_id, username, created_at) VALUES (gen_random_uuid(), 'alice', now())")
    const inspection = await inspectAs(OWNER)
    expect(inspection.tables.filter(({ hasRows }) => hasRows).map(({ name }) => name)).toEqual(['users'])
    expect(codes(inspection)).toEqual(['MAS_NOT_EMPTY'])
  })

  it('has no tables', async () => {
    await postgres.createDatabase(DATABASE)
    await postgres.execute('postgres', `GRANT CREATE ON DATABASE ${DATABASE} TO ${OWNER}`)
    await sql(`GRANT CREATE ON SCHEMA public TO ${OWNER}`)
    const inspection = await inspectAs(OWNER)
    expect(inspection).toMatchObject({ schema: 'public', tables: [], providers: [], elsewhere: [] })
    expect(inspection).not.toHaveProperty('migrations')
    expect(codes(inspection)).toEqual(['MAS_SCHEMA_MISSING', 'MAS_PROVIDER_ROW_MISSING'])
  })

  it('is too old: migrations and columns are missing', async () => {
    await sql(
      'DELETE FROM _sqlx_migrations WHERE version = 20260720134722',
      'ALTER TABLE users DROP COLUMN is_guest',
      'ALTER TABLE upstream_oauth_providers DROP COLUMN disabled_at',
    )
    expect(codes(await inspectAs(OWNER))).toEqual(['MAS_SCHEMA_TOO_OLD', 'MAS_COLUMN_MISSING'])
  })

  it('is newer: a column with a default, one that syn2op would have to fill, and another type', async () => {
    await sql(
      "INSERT INTO _sqlx_migrations VALUES (20990101000000, 'of the future', now(), true, '', 0)",
      "ALTER TABLE users ADD plan text NOT NULL DEFAULT 'free', ADD number bigint GENERATED ALWAYS AS IDENTITY",
      'ALTER TABLE compat_sessions ADD client text NOT NULL, ALTER user_agent TYPE varchar(255)',
    )
    expect(codes(await inspectAs(OWNER))).toEqual([
      'MAS_SCHEMA_NEWER',
      'MAS_COLUMN_REQUIRED',
      'MAS_COLUMN_TYPE',
      'MAS_COLUMN_UNKNOWN',
    ])
  })

  it('has been added to: what would refuse rows or run for them is named, what cannot is not', async () => {
    await sql(
      'ALTER TABLE users RENAME CONSTRAINT users_username_unique TO renamed',
      'CREATE INDEX harmless ON users (created_at)',
      'CREATE UNIQUE INDEX one_each ON user_emails (lower(email))',
      'ALTER TABLE users ADD CONSTRAINT short CHECK (length(username) < 30) NOT VALID, ADD EXCLUDE (username WITH =)',
      'CREATE TABLE guest_list (username text PRIMARY KEY)',
      'ALTER TABLE users ADD CONSTRAINT listed FOREIGN KEY (username) REFERENCES guest_list',
      `CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
      'CREATE TRIGGER tells AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION tell()',
      'CREATE TRIGGER sleeps AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION tell()',
      'ALTER TABLE users DISABLE TRIGGER sleeps',
    )
    const inspection = await inspectAs(OWNER)
    expect(inspection.unknownConstraints.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      'one_each: unique index',
      'listed: foreign key',
      'short: check',
      'users_username_excl: exclude',
    ])
    expect(inspection.triggers).toEqual([{ schema: 'public', table: 'users', name: 'tells' }])
    expect(codes(inspection)).toEqual(['MAS_FOREIGN_CONSTRAINT', 'MAS_FOREIGN_TRIGGER'])
    await sql("INSERT INTO _sqlx_migrations VALUES (20990101000000, 'of the future', now(), true, '', 0)")
    expect(codes(await inspectAs(OWNER))).toEqual(['MAS_SCHEMA_NEWER', 'MAS_CONSTRAINT_UNKNOWN', 'MAS_FOREIGN_TRIGGER'])
  })

  it('has a migration that did not finish', async () => {
    await sql('UPDATE _sqlx_migrations SET success = false WHERE version = 20260720134722')
    const inspection = await inspectAs(OWNER)
    expect(inspection.migrations?.failed).toEqual([20260720134722])
    expect(codes(inspection)).toEqual(['MAS_MIGRATION_FAILED'])
  })

  it('has a disabled provider, and lacks the one that people use', async () => {
    await sql(`UPDATE upstream_oauth_providers SET upstream_oauth_provider_id = gen_random_uuid(), disabled_at = now()`)
    const inspection = await inspectAs(OWNER)
    expect(inspection.providers).toMatchObject([{ disabled: true }])
    expect(codes(inspection)).toEqual(['MAS_PROVIDER_ROW_MISSING'])
  })

  it("shows what MAS's interrupted importer left", async () => {
    await sql('CREATE TABLE syn2mas_restore_indices ()', 'CREATE TABLE syn2mas__users ()', 'CREATE TABLE syn2mas ()')
    expect((await inspectAs(OWNER)).importerTables).toEqual(['syn2mas__users', 'syn2mas_restore_indices'])
  })

  it('has tables where the search path does not lead', async () => {
    await sql('CREATE SCHEMA auth', `GRANT USAGE ON SCHEMA auth TO ${OWNER}`, 'ALTER TABLE users SET SCHEMA auth')
    expect((await inspectAs(OWNER)).elsewhere).toEqual([{ schema: 'auth', table: 'users' }])
    const led = await inspectAs(OWNER, '-c search_path=auth,public')
    expect(led).toMatchObject({ elsewhere: [], schema: 'auth' })
  })

  it('keeps keys from pointing at the upstream providers where another role gave the usual privileges only', async () => {
    const [{ me } = {}] = await sql('SELECT current_user AS me')
    await sql(
      'ALTER TABLE upstream_oauth_providers OWNER TO CURRENT_USER',
      `GRANT SELECT, INSERT, UPDATE, DELETE ON upstream_oauth_providers TO ${OWNER}`,
    )
    const inspection = await inspectAs(OWNER)
    expect(inspection.tables.filter(({ referencable }) => !referencable)).toMatchObject([
      { name: 'upstream_oauth_providers', owner: me, readable: true, writable: true },
    ])
    const [found, ...more] = checkMas({ ...soundCheck, inspection })
    expect([found?.code, ...more]).toEqual(['MAS_PRIVILEGES'])
    const asOwner = `SET SESSION AUTHORIZATION ${OWNER}`
    const makeKey = `ALTER TABLE upstream_oauth_links ADD FOREIGN KEY (upstream_oauth_provider_id)
      REFERENCES upstream_oauth_providers (upstream_oauth_provider_id)`
    await expect(sql(asOwner, makeKey)).rejects.toThrow('permission denied for table upstream_oauth_providers')
    await sql(...(found?.remedy ?? []))
    expect(codes(await inspectAs(OWNER))).toEqual([])
    await sql(asOwner, makeKey)
  })

  it('is inspected by a role that may read nothing, which learns what to grant', async () => {
    const inspection = await inspectAs(STRANGER)
    expect(inspection).toMatchObject({ mayCreateInDatabase: false, providers: [] })
    const found = checkMas({ ...soundCheck, inspection }).find(({ code }) => code === 'MAS_PRIVILEGES')
    expect(found?.remedy).toContain(`GRANT "${OWNER}" TO "${STRANGER}";`)
  })

  it('is open to that role once the grants are made', async () => {
    const found = checkMas({ ...soundCheck, inspection: await inspectAs(STRANGER) })
    const grants = found.flatMap(({ remedy }) => remedy).filter((line) => line.startsWith('GRANT'))
    await sql(...grants)
    try {
      expect(codes(await inspectAs(STRANGER))).toEqual([])
    } finally {
      await sql(`REVOKE ${OWNER} FROM ${STRANGER}`)
    }
  })
})

describe('other sessions', () => {
  const open: pg.Client[] = []
  const connectAs = async (user: string, applicationName: string): Promise<void> => {
    open.push(await connect({ ...postgres.settings(DATABASE), user }, { applicationName }))
  }
  afterEach(async () => {
    await Promise.all(open.splice(0).map((client) => client.end()))
  })

  it('of MAS are seen, with whose they are', async () => {
    await connectAs(OWNER, 'matrix-authentication-service')
    await connectAs(OWNER, 'matrix-authentication-service')
    const inspection = await inspectAs(OWNER)
    expect(inspection.otherSessions).toEqual([
      { user: OWNER, applicationName: 'matrix-authentication-service', client: '127.0.0.1', count: 2 },
    ])
    expect(codes(inspection)).toEqual(['MAS_RUNNING'])
  })

  it('of another role are seen, though not from where they come', async () => {
    await connectAs(STRANGER, 'psql')
    const inspection = await inspectAs(OWNER)
    expect(inspection.otherSessions).toEqual([{ user: STRANGER, applicationName: 'psql', count: 1 }])
    expect(codes(inspection)).toEqual(['MAS_TOOLS_CONNECTED'])
  })

  it('of ours do not count', async () => {
    await connectAs(OWNER, 'syn2op copy 2')
    expect((await inspectAs(OWNER)).otherSessions).toEqual([])
  })
})

describe('where rows of MAS come to lie', () => {
  const tablespacesAs = async (user: string): Promise<TablespaceUse> => {
    const client = await connect({ ...postgres.settings(DATABASE), user }, { applicationName: 'syn2op test' })
    try {
      return await readTablespaces(client, 'public')
    } finally {
      await client.end()
    }
  }

  it('is the tablespace of each table, and its folder for a role that may know it', async () => {
    await sql(
      'SET allow_in_place_tablespaces = on',
      'DROP TABLESPACE IF EXISTS mas_inspect_fast',
      `CREATE TABLESPACE mas_inspect_fast LOCATION ''`,
      'ALTER TABLE compat_access_tokens SET TABLESPACE mas_inspect_fast',
    )
    try {
      const ofOwner = await tablespacesAs(OWNER)
      expect([ofOwner.tables.get('users'), ofOwner.tables.get('compat_access_tokens')]).toEqual([
        'pg_default',
        'mas_inspect_fast',
      ])
      expect(ofOwner.record).toBe('pg_default')
      expect([ofOwner.folders.has('pg_default'), ofOwner.folders.has('mas_inspect_fast')]).toEqual([false, true])
      const [data] = await sql('SHOW data_directory')
      expect((await tablespacesAs(postgres.user)).folders.get('pg_default')).toBe(data?.['data_directory'])
    } finally {
      await sql('ALTER TABLE compat_access_tokens SET TABLESPACE pg_default', 'DROP TABLESPACE mas_inspect_fast')
    }
  })
})
