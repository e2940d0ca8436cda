import { beforeAll, describe, expect, test } from 'vitest'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { verify } from '../../../src/migration/verify.ts'
import type { RunDocument, VerifyDocument } from '../../../src/report/documents.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { demoProviders, demoRequest } from '../../support/migration/requests.ts'
import { migrated, wrongTables } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'

const postgres = testPostgres()
const NAME = 'left_theirs'
const inSynapse = (...statements: readonly string[]) => postgres.execute(`${NAME}_synapse`, ...statements)
const inMas = (...statements: readonly string[]) => postgres.execute(`${NAME}_mas`, ...statements)

const user = (name: string): string => `
  INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated)
  VALUES ('@${name}:demo.example', '$2b$12$0123456789012345678901uWQbLwZG1rcGiPdcgBCPzfnMZOvRVLq', 1700000000, 0, 0, 0)`

const device = (name: string, id: string): string => `
  INSERT INTO devices (user_id, device_id, display_name, last_seen, ip, user_agent, hidden)
  VALUES ('@${name}:demo.example', '${id}', '${id}', 1700000000000, '10.0.0.1', 'x', false)`

const token = (name: string, deviceId: string, id: number): string => `
  INSERT INTO access_tokens (id, user_id, device_id, token, last_validated)
  VALUES (${id}, '@${name}:demo.example', '${deviceId}', 'syt_left_${id}', 1700000000000)`

const email = (name: string, address: string): string => `
  INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at)
  VALUES ('@${name}:demo.example', 'email', '${address}', 1700000000000, 1700000000000)`

const ours = (name: string): string => `(SELECT user_id FROM users WHERE username = '${name}')`

describe('rows that a merge leaves unwritten, since what they belong to was closed at MAS or is somebody else’s', () => {
  let request: MigrationRequest
  let run: RunDocument
  let again: RunDocument
  let verified: VerifyDocument

  beforeAll(async () => {
    const synapse = await createDemoHomeserver(postgres, `${NAME}_synapse`, { accounts: 60 })
    const mas = await createMasDatabase(postgres, `${NAME}_mas`, demoProviders)
    await inSynapse(
      ...['closed', 'gone', 'ended', 'leaver'].map(user),
      device('ended', 'LEFTPHONE'),
      token('ended', 'LEFTPHONE', 900_001),
    )
    request = demoRequest({ synapse, mas }, { conflicts: { email: 'leave' } })
    await migrated(request)
    await inMas(
      `UPDATE users SET deactivated_at = now() WHERE username = 'closed'`,
      `DELETE FROM user_passwords WHERE user_id = ${ours('gone')}`,
      `DELETE FROM users WHERE username = 'gone'`,
      `UPDATE compat_sessions SET finished_at = now() WHERE device_id = 'LEFTPHONE'`,
      `INSERT INTO users (user_id, username, created_at) VALUES ('01940000-0000-0000-0000-000000000001', 'stranger', now())`,
      `INSERT INTO user_emails (user_email_id, user_id, email, created_at)
       VALUES ('01940000-0000-0000-0000-000000000002', '01940000-0000-0000-0000-000000000001', 'Wanted@example.com', now())`,
    )
    await inSynapse(
      device('closed', 'WATCH1'),
      token('closed', 'WATCH1', 900_002),
      device('gone', 'WATCH2'),
      token('ended', 'LEFTPHONE', 900_003),
      email('leaver', 'wanted@example.com'),
    )
    run = await migrated(request)
    verified = await verify(request)
    again = await migrated(request)
  })

  const theirs = (document: VerifyDocument, table: string) => document.tables.find((one) => one.table === table)?.theirs

  test('are told by the run', () => {
    const changes = Object.fromEntries((run.changes ?? []).map(({ relation, theirs: count }) => [relation, count]))
    expect(changes).toMatchObject({ session: 3, access_token: 2, threepid: 0 })
  })

  test('are no differences to a verification, which counts and names them', () => {
    expect(wrongTables(verified)).toEqual([])
    expect(['compat_sessions', 'compat_access_tokens', 'user_emails'].map((table) => theirs(verified, table))).toEqual([
      3, 2, 1,
    ])
    expect(verified.differences.map(({ kind }) => kind)).not.toContain('missing')
    expect(verified.differences.map(({ row }) => row).join('\n')).toContain('wanted@example.com')
  })

  test('stay so in the next run', () => {
    expect((again.outcomes ?? []).filter(({ outcome }) => outcome !== 'unchanged' && outcome !== 'held back')).toEqual(
      [],
    )
  })

  test('are written as soon as nothing stands in their way', async () => {
    await inMas(
      `UPDATE users SET deactivated_at = NULL WHERE username = 'closed'`,
      "DELETE FROM user_emails WHERE user_email_id::text LIKE '01940000%'",
    )
    await migrated(request)
    const after = await verify(request)
    expect(wrongTables(after)).toEqual([])
    expect(['compat_sessions', 'user_emails'].map((table) => theirs(after, table))).toEqual([2, 0])
    expect(await inMas(`SELECT 1 AS there FROM compat_sessions WHERE device_id = 'WATCH1'`)).toEqual([{ there: 1 }])
  })
})

describe('an account of ours that meets somebody else’s later', () => {
  const OTHER = 'conflict_later'
  let verified: VerifyDocument
  let after: VerifyDocument

  beforeAll(async () => {
    const synapse = await createDemoHomeserver(postgres, `${OTHER}_synapse`, { accounts: 60 })
    const mas = await createMasDatabase(postgres, `${OTHER}_mas`, demoProviders)
    await postgres.execute(`${OTHER}_synapse`, user('leaver'))
    const request = demoRequest({ synapse, mas })
    await migrated(request)
    await postgres.execute(
      `${OTHER}_mas`,
      `INSERT INTO users (user_id, username, created_at) VALUES ('01940000-0000-0000-0000-000000000001', 'stranger', now())`,
      `INSERT INTO user_emails (user_email_id, user_id, email, created_at)
       VALUES ('01940000-0000-0000-0000-000000000002', '01940000-0000-0000-0000-000000000001', 'Wanted@example.com', now())`,
    )
    await postgres.execute(
      `${OTHER}_synapse`,
      email('leaver', 'wanted@example.com'),
      device('leaver', 'WATCH'),
      `UPDATE users SET admin = 1 WHERE name = '@leaver:demo.example'`,
    )
    await migrated(request)
    verified = await verify(request)
    await postgres.execute(`${OTHER}_mas`, `DELETE FROM user_emails WHERE user_email_id::text LIKE '01940000%'`)
    await migrated(request)
    after = await verify(request)
  })

  test('is no difference to a verification, which counts it among those in conflict', () => {
    expect(wrongTables(verified)).toEqual([])
    expect(verified.inConflict).toBe(1)
  })

  test('is compared again once that is gone', () => {
    expect(wrongTables(after)).toEqual([])
    expect(after.inConflict).toBeUndefined()
  })
})

test('a merge in which everybody met somebody else’s leaves no differences', async () => {
  const synapse = await createDemoHomeserver(postgres, 'all_held_synapse', { accounts: 1 })
  await postgres.execute('all_held_synapse', 'DELETE FROM users', user('solo'))
  const mas = await createMasDatabase(postgres, 'all_held_mas', demoProviders)
  await postgres.execute(
    'all_held_mas',
    `INSERT INTO users (user_id, username, created_at) VALUES ('01940000-0000-0000-0000-000000000001', 'solo', now())`,
  )
  const request = demoRequest({ synapse, mas })
  await migrated(request)
  const document = await verify(request)
  expect(wrongTables(document)).toEqual([])
  expect(document.inConflict).toBe(1)
})

/** A small homeserver with somebody of interest, in a MAS that others use from now on. */
const migratedBefore = async (name: string, ...somebody: readonly string[]): Promise<MigrationRequest> => {
  const synapse = await createDemoHomeserver(postgres, `${name}_synapse`, { accounts: 60 })
  await postgres.execute(`${name}_synapse`, ...somebody)
  const request = demoRequest({ synapse, mas: await createMasDatabase(postgres, `${name}_mas`, demoProviders) })
  await migrated(request)
  return request
}

test('an account that Synapse no longer has, and that MAS’s people use, is theirs', async () => {
  const request = await migratedBefore(
    'kept',
    user('leaver'),
    device('leaver', 'KEPT'),
    token('leaver', 'KEPT', 900_001),
  )
  await postgres.execute(
    'kept_mas',
    `INSERT INTO user_sessions (user_session_id, user_id, created_at)
     SELECT '01940000-0000-0000-0000-000000000001', user_id, now() FROM users WHERE username = 'leaver'`,
  )
  await postgres.execute(
    'kept_synapse',
    `DELETE FROM access_tokens WHERE user_id = '@leaver:demo.example'`,
    `DELETE FROM devices WHERE user_id = '@leaver:demo.example'`,
    `DELETE FROM users WHERE name = '@leaver:demo.example'`,
  )
  await migrated(request)
  const document = await verify(request)
  expect(wrongTables(document)).toEqual([])
  expect(document.tables.map(({ table, theirs }) => [table, theirs]).filter(([, theirs]) => theirs !== 0)).toEqual([
    ['users', 1],
    ['user_passwords', 1],
    ['compat_sessions', 1],
    ['compat_access_tokens', 1],
  ])
  expect(document.differences.map(({ kind, row }) => `${kind} ${row}`).join()).toContain('theirs @leaver:demo.example')
})

test.each([
  ['has no longer', 'NULL'],
  ['has another of', `'$2b$12$abcdefghijklmnopqrstuuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01'`],
])(
  'a password that was changed at MAS, and that Synapse %s, is theirs: ours behind it does not count',
  async (_, hash) => {
    const request = await migratedBefore('behind', user('changer'))
    await postgres.execute(
      'behind_mas',
      `INSERT INTO user_passwords (user_password_id, user_id, hashed_password, created_at, version)
     SELECT '01990000-0000-0000-0000-000000000001', user_id, 'changed at MAS', now(), 2 FROM users WHERE username = 'changer'`,
    )
    await postgres.execute(
      'behind_synapse',
      `UPDATE users SET password_hash = ${hash} WHERE name = '@changer:demo.example'`,
    )
    await migrated(request)
    const document = await verify(request)
    expect(wrongTables(document)).toEqual([])
    expect(document.tables.find(({ table }) => table === 'user_passwords')).toMatchObject({ theirs: 1 })
    expect(
      await postgres.execute(
        'behind_mas',
        `SELECT count(*)::integer AS n FROM user_passwords JOIN users USING (user_id) WHERE username = 'changer'`,
      ),
    ).toEqual([{ n: 2 }])
  },
)

test('a login of somebody deactivated at MAS, which Synapse has otherwise since, is theirs', async () => {
  const request = await migratedBefore(
    'closing',
    user('closing'),
    device('closing', 'OLD'),
    token('closing', 'OLD', 900_001),
  )
  await postgres.execute('closing_mas', `UPDATE users SET deactivated_at = now() WHERE username = 'closing'`)
  await postgres.execute(
    'closing_synapse',
    `UPDATE devices SET display_name = 'renamed' WHERE user_id = '@closing:demo.example'`,
  )
  await migrated(request)
  const document = await verify(request)
  expect(wrongTables(document)).toEqual([])
  expect(document.tables.find(({ table }) => table === 'compat_sessions')).toMatchObject({ theirs: 1 })
})
