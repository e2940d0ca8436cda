import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ending } from '../support/built-program.ts'
import {
  type CheckFiles,
  type CheckRoad,
  faultsOfSpeech,
  makeCheckRoad,
  type Said,
  SECRETS,
  say,
} from '../support/check-says.ts'
import { testPostgres } from '../support/postgres.ts'

const postgres = testPostgres()
let road: CheckRoad

const ACCEPT = ['--accept', 'all-warnings']
const onMas = (...statements: readonly string[]) => postgres.execute(road.mas, ...statements)
const onSynapse = (...statements: readonly string[]) => postgres.execute(road.synapse, ...statements)

/** Runs check, wants this exit code and all these words, and proper manners. */
const expectSaid = async (
  code: number,
  words: readonly string[],
  files: CheckFiles = {},
  args = ACCEPT,
): Promise<Said> => {
  const said = await say(road, expect.getState().currentTestName ?? '', ['check', ...args], files)
  for (const word of words) expect(said.words).toContain(word)
  expect(faultsOfSpeech(said)).toEqual([])
  expect(said.code).toBe(code)
  return said
}

/** The lines that it says are to be typed. */
const grantsIn = ({ stdout }: Said): readonly string[] => {
  const grants = stdout.split('\n').flatMap((line) => (/^\s+GRANT .*;$/.test(line) ? [line.trim()] : []))
  expect(grants).not.toEqual([])
  return grants
}

/** Opens a session as a program of that name, and closes it after `work`. */
const withSession = async (database: string, name: string, work: () => Promise<void>): Promise<void> => {
  const client = await postgres.superuser(database)
  try {
    await client.query(`SET application_name = '${name}'`)
    await work()
  } finally {
    await client.end()
  }
}

type Args = { database: Record<string, unknown> & { args: Record<string, unknown> } }

beforeAll(async () => {
  road = await makeCheckRoad(postgres, 'check_says')
})

beforeEach(() => road.freshMas())

afterAll(() => road?.remove())

describe('check, when nothing is wrong,', () => {
  it('says that a migration may start', () =>
    expectSaid(0, ['3 warnings', '(acknowledged all-warnings)', 'SYNAPSE_CONFLICTS_WITH_MAS']))
})

describe('check, about the connections,', () => {
  it('says that nothing listens at the port of the source', async () => {
    const homeserver = await road.changed('homeserver', (yaml) =>
      Object.assign((yaml as Args).database.args, { port: 1 }),
    )
    await expectSaid(5, ['nothing listens there', 'homeserver-changed.yaml', '(database.unreachable)'], { homeserver })
  })

  it('says that the host of the target is unknown', async () => {
    const mas = await road.changed('mas', (yaml) =>
      Object.assign(yaml['database'] as object, { host: 'no-such-host.invalid' }),
    )
    await expectSaid(5, ['no-such-host.invalid', '(database.unreachable)'], { mas })
  })

  it('says that the password of the source is wrong', async () => {
    const homeserver = await road.changed('homeserver', (yaml) =>
      Object.assign((yaml as Args).database.args, { password: SECRETS.wrong }),
    )
    await expectSaid(4, ['the password is wrong', 'homeserver-changed.yaml', '(database.refused)'], { homeserver })
  })

  it('says that the password of the target is wrong', async () => {
    const mas = await road.changed('mas', (yaml) =>
      Object.assign(yaml['database'] as object, { password: SECRETS.wrong }),
    )
    await expectSaid(4, ['the password is wrong', 'mas-changed.yaml', '(database.refused)'], { mas })
  })

  it('says that a database does not exist', async () => {
    const mas = await road.changed('mas', (yaml) =>
      Object.assign(yaml['database'] as object, { database: 'no_such_db' }),
    )
    await expectSaid(4, ['there is no database "no_such_db"'], { mas })
  })
})

describe('check, about the source,', () => {
  it('says which tables cannot be read, and to type its GRANTs is enough', async () => {
    await onSynapse(`REVOKE SELECT ON users, access_tokens FROM ${road.sourceRole}`)
    try {
      const said = await expectSaid(10, ['SYNAPSE_NOT_READABLE', 'GRANT SELECT ON', '"public"."users"'])
      await onSynapse(...grantsIn(said))
      await expectSaid(0, [])
    } finally {
      await onSynapse(`GRANT SELECT ON users, access_tokens TO ${road.sourceRole}`)
    }
  })

  it('says that this is no database of Synapse', async () => {
    const homeserver = await road.changed('homeserver', (yaml) =>
      Object.assign((yaml as Args).database.args, { dbname: 'postgres' }),
    )
    await expectSaid(10, ['SYNAPSE_TABLES_MISSING', 'users'], { homeserver })
  })

  it('says that Synapse runs, and takes only its own code for an answer', async () => {
    await withSession(road.synapse, 'synapse', async () => {
      await expectSaid(11, ['SYNAPSE_RUNNING', '--accept SYNAPSE_RUNNING'])
      await expectSaid(0, ['SYNAPSE_RUNNING (acknowledged'], {}, [...ACCEPT, '--accept', 'SYNAPSE_RUNNING'])
    })
  })

  it('says which warnings nobody has acknowledged', () => expectSaid(11, ['GUESTS'], {}, []))
})

describe('check, about the database of MAS,', () => {
  it('says what our role may not do, and to type its GRANTs is enough to migrate', async () => {
    const mas = await road.changed('mas', (yaml) =>
      Object.assign(yaml['database'] as object, { username: road.sourceRole, password: SECRETS.source }),
    )
    const said = await expectSaid(10, ['MAS_PRIVILEGES', `Or use the role ${road.targetRole} itself`], { mas })
    expect(said.words).not.toContain('MAS_PROVIDER')
    await onMas(...grantsIn(said))
    try {
      await expectSaid(0, [], { mas })
      const run = await say(road, 'migrate, after the GRANTs', ['migrate', '--yes', ...ACCEPT], { mas })
      expect(ending(run, 0)).toBe('exit 0')
    } finally {
      await onMas(`REVOKE ${road.targetRole} FROM ${road.sourceRole}`)
    }
  })

  it('says that its tables are missing', async () => {
    await postgres.createDatabase(road.mas)
    await postgres.execute('postgres', `GRANT CREATE ON DATABASE ${road.mas} TO ${road.targetRole}`)
    await expectSaid(10, ['MAS_SCHEMA_MISSING', 'mas-cli database migrate'])
  })

  it('says that a newer MAS wants a value that nobody knows', async () => {
    await onMas('ALTER TABLE users ADD COLUMN newer text NOT NULL')
    await expectSaid(10, ['MAS_COLUMN_REQUIRED', 'users.newer'])
  })

  it('only remarks on a newer column that may stay empty', async () => {
    await onMas('ALTER TABLE users ADD COLUMN newer text')
    await expectSaid(0, ['MAS_COLUMN_UNKNOWN', 'users.newer'], {}, [...ACCEPT, '--verbose'])
  })

  it('says that an older MAS lacks a column', async () => {
    await onMas('ALTER TABLE compat_sessions DROP COLUMN human_name')
    await expectSaid(10, ['MAS_COLUMN_MISSING', 'compat_sessions.human_name', 'mas-cli database migrate'])
  })

  it('says that it has people, what then happens, and how to begin again', async () => {
    await onMas(`INSERT INTO users (user_id, username, created_at) VALUES (gen_random_uuid(), 'alice', now())`)
    const wanted = ['MAS_HAS_PEOPLE', 'users', 'touches no row that is not', `DROP DATABASE "${road.mas}";`]
    await expectSaid(11, [...wanted, 'NO_BACKUP', 'Nobody has said where a backup is'], {}, [...ACCEPT, '--verbose'])
    const backup = ['--backup', new Date().toISOString()]
    await expectSaid(0, wanted, {}, [...ACCEPT, '--verbose', ...backup])
  })

  it('says that MAS runs, and takes no code for an answer', async () => {
    await withSession(road.mas, 'mas', () =>
      expectSaid(10, ['MAS_RUNNING', '(mas)'], {}, [...ACCEPT, '--accept', 'MAS_RUNNING']).then(() => {}),
    )
  })

  it('says that it is the database of Synapse', async () => {
    const mas = await road.changed('mas', (yaml) =>
      Object.assign(yaml['database'] as object, { database: road.synapse }),
    )
    await expectSaid(10, ['MAS_IS_SYNAPSE_DATABASE', road.synapse], { mas })
    expect(await onSynapse(`SELECT nspname FROM pg_namespace WHERE nspname ~ 'syn2op'`)).toEqual([])
  })

  it('says that the row of a provider is missing, and which command makes it', async () => {
    await onMas('DELETE FROM upstream_oauth_providers')
    await expectSaid(10, ['MAS_PROVIDER_ROW_MISSING', 'mas-cli config sync'])
  })
})
