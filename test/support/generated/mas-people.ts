import fc from 'fast-check'
import type { Client } from 'pg'
import { MAS_WRITTEN_TABLES } from '../../../src/targets/mas/database/catalogue.ts'

/** Somebody whom MAS has of its own. */
const foreigner = fc.record({
  username: fc.constantFrom('ann', 'Bob', 'carl', 'EMIL', 'zoë', 'stranger', 'guest-of-mas', '12'),
  email: fc.constantFrom(null, null, 'a@x.example', 'B@x.example', 'own@x.example'),
  subject: fc.constantFrom(null, null, '1', 'subject', 'own'),
  device: fc.constantFrom(null, 'PHONE', 'OWN'),
  token: fc.constantFrom(null, null, 'syt_1', 'mct_own'),
  hasPassword: fc.boolean(),
  isClosed: fc.boolean(),
  /** Whether something that we know nothing of refers to it. */
  isSignedIn: fc.boolean(),
})

export type Foreigner = typeof foreigner extends fc.Arbitrary<infer One> ? One : never

export const foreigners = fc.uniqueArray(foreigner, { maxLength: 4, selector: ({ username }) => username })

let numbers = 0

/** Rows of MAS's own are known by this. */
const OWN = '01949999'
const newId = (): string => `${OWN}-0000-7000-8000-${(++numbers).toString(16).padStart(12, '0')}`

/** Lets these people register; of two who claim the same the second goes without. */
export const register = async (mas: Client, people: readonly Foreigner[], provider: string): Promise<void> => {
  for (const one of people) {
    const user = newId()
    const closedAt = one.isClosed ? 'now()' : 'NULL'
    await mas.query(
      `INSERT INTO users (user_id, username, created_at, deactivated_at) VALUES ($1, $2, now(), ${closedAt})`,
      [user, one.username],
    )
    if (one.email !== null) await addEmail(mas, user, one.email)
    if (one.subject !== null) {
      await mas.query(
        `INSERT INTO upstream_oauth_links (upstream_oauth_link_id, upstream_oauth_provider_id, user_id, subject, created_at)
         VALUES ($1, $2, $3, $4, now()) ON CONFLICT DO NOTHING`,
        [newId(), provider, user, one.subject],
      )
    }
    if (one.device !== null) await logIn(mas, user, one.device, one.token)
    if (one.hasPassword) await changePassword(mas, user)
    if (one.isSignedIn) await signIn(mas, user)
  }
}

const addEmail = (mas: Client, user: string, email: string) =>
  mas.query('INSERT INTO user_emails (user_email_id, user_id, email, created_at) VALUES ($1, $2, $3, now())', [
    newId(),
    user,
    email,
  ])

const logIn = async (mas: Client, user: string, device: string, token: string | null): Promise<void> => {
  const session = newId()
  await mas.query(
    'UPDATE compat_sessions SET finished_at = now() WHERE user_id = $1 AND device_id = $2 AND finished_at IS NULL',
    [user, device],
  )
  await mas.query(
    'INSERT INTO compat_sessions (compat_session_id, user_id, device_id, created_at) VALUES ($1, $2, $3, now())',
    [session, user, device],
  )
  if (token === null) return
  await mas.query(
    `INSERT INTO compat_access_tokens (compat_access_token_id, compat_session_id, access_token, created_at)
     VALUES ($1, $2, $3, now()) ON CONFLICT DO NOTHING`,
    [newId(), session, token],
  )
}

const changePassword = (mas: Client, user: string) =>
  mas.query(
    `INSERT INTO user_passwords (user_password_id, user_id, hashed_password, created_at, version)
     VALUES ($1, $2, 'of MAS', now(), 2)`,
    [newId(), user],
  )

const signIn = (mas: Client, user: string) =>
  mas.query('INSERT INTO user_sessions (user_session_id, user_id, created_at) VALUES ($1, $2, now())', [newId(), user])

const refresh = async (mas: Client, user: string): Promise<void> => {
  const { rows } = await mas.query<{ token: string; access: string; session: string }>(
    `SELECT compat_refresh_token_id AS token, compat_access_token_id AS access, compat_session_id AS session
     FROM compat_refresh_tokens r JOIN compat_sessions USING (compat_session_id)
     WHERE user_id = $1 AND consumed_at IS NULL ORDER BY 1 LIMIT 1`,
    [user],
  )
  const [one] = rows
  if (one === undefined) return
  const next = newId()
  await mas.query('UPDATE compat_refresh_tokens SET consumed_at = now() WHERE compat_refresh_token_id = $1', [
    one.token,
  ])
  await mas.query('UPDATE compat_access_tokens SET expires_at = now() WHERE compat_access_token_id = $1', [one.access])
  await mas.query(
    `INSERT INTO compat_access_tokens (compat_access_token_id, compat_session_id, access_token, created_at)
     VALUES ($1, $2, $3, now())`,
    [next, one.session, `mct_${next}`],
  )
}

const deactivate = async (mas: Client, user: string): Promise<void> => {
  await mas.query('UPDATE users SET deactivated_at = now() WHERE user_id = $1', [user])
  await mas.query('UPDATE compat_sessions SET finished_at = now() WHERE user_id = $1 AND finished_at IS NULL', [user])
  await mas.query('DELETE FROM user_emails WHERE user_id = $1', [user])
  await mas.query('DELETE FROM user_unsupported_third_party_ids WHERE user_id = $1', [user])
}

const forAll =
  (statement: string) =>
  async (mas: Client, user: string): Promise<void> =>
    void (await mas.query(statement, [user]))

/** What a running MAS does for its people, as it was seen to write it. */
const DOINGS: Readonly<Record<string, (mas: Client, user: string) => Promise<unknown>>> = {
  lock: forAll('UPDATE users SET locked_at = now() WHERE user_id = $1'),
  promote: forAll('UPDATE users SET can_request_admin = NOT can_request_admin WHERE user_id = $1'),
  deactivate,
  reactivate: forAll('UPDATE users SET deactivated_at = NULL WHERE user_id = $1'),
  'change the password': changePassword,
  'log in': (mas, user) => logIn(mas, user, 'PHONE', `mct_${newId()}`),
  'log out': forAll('UPDATE compat_sessions SET finished_at = now() WHERE user_id = $1'),
  'be active': forAll(
    `UPDATE compat_sessions SET last_active_at = now(), last_active_ip = '10.9.9.9' WHERE user_id = $1`,
  ),
  refresh,
  'add an e-mail': (mas, user) => addEmail(mas, user, 'b@x.example'),
  'remove the e-mails': forAll('DELETE FROM user_emails WHERE user_id = $1'),
  unlink: forAll('DELETE FROM upstream_oauth_links WHERE user_id = $1'),
  'sign in': signIn,
}

/** Which user does what, by position. */
export const doings = fc.array(
  fc.record({ user: fc.nat({ max: 30 }), doing: fc.constantFrom(...Object.keys(DOINGS)) }),
  { maxLength: 8 },
)

export const doAll = async (
  mas: Client,
  all: readonly { readonly user: number; readonly doing: string }[],
): Promise<void> => {
  const { rows } = await mas.query<{ user_id: string }>('SELECT user_id FROM users ORDER BY username COLLATE "C"')
  for (const { user, doing } of all) {
    const one = rows[user % Math.max(rows.length, 1)]
    if (one !== undefined) await DOINGS[doing]?.(mas, one.user_id)
  }
}

/** Every row of MAS's people as text, by table and primary key. */
export type PeopleRows = ReadonlyMap<string, string>

const KEYS: Readonly<Record<string, string>> = {
  users: 'user_id',
  user_passwords: 'user_password_id',
  user_emails: 'user_email_id',
  user_unsupported_third_party_ids: `concat_ws(' ', user_id, medium, address)`,
  upstream_oauth_links: 'upstream_oauth_link_id',
  compat_sessions: 'compat_session_id',
  compat_access_tokens: 'compat_access_token_id',
  compat_refresh_tokens: 'compat_refresh_token_id',
  user_sessions: 'user_session_id',
}

export const readPeople = async (mas: Client): Promise<PeopleRows> => {
  const { rows } = await mas.query<{ key: string; row: string }>(
    Object.entries(KEYS)
      .map(([table, key]) => `SELECT '${table} ' || ${key}::text AS key, t::text AS row FROM ${table} t`)
      .join(' UNION ALL '),
  )
  return new Map(rows.map(({ key, row }) => [key, row]))
}

/** Named by the user alone: an adopted user gets some of ours, and people add none there. */
const UNNAMED = 'user_unsupported_third_party_ids '

/** Those that nobody of ours wrote. */
export const ofTheirOwn = (rows: PeopleRows): PeopleRows =>
  new Map([...rows].filter(([key]) => key.includes(` ${OWN}`) && !key.startsWith(UNNAMED)))

/** Rows of the second that the first has otherwise, and those that only the first has, as undefined. */
export const differences = (before: PeopleRows, after: PeopleRows): ReadonlyMap<string, string | undefined> =>
  new Map(
    [...new Set([...before.keys(), ...after.keys()])].flatMap((key) =>
      before.get(key) === after.get(key) ? [] : [[key, after.get(key)] as const],
    ),
  )

/** MAS as if it had no people. */
export const forgetPeople = async (mas: Client): Promise<void> => {
  await mas.query(
    ['user_sessions', ...MAS_WRITTEN_TABLES.toReversed()].map((table) => `DELETE FROM ${table}`).join('; '),
  )
}
