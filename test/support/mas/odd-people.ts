import type { TestPostgres } from '../postgres.ts'
import { STORY_SERVER_NAME } from '../synapse/real-synapse.ts'

/** An account put into a real Synapse's database by hand, with one device and one token, as damage and age leave them. */
interface OddPerson {
  readonly localpart: string
  /** Columns of `users` beside the name. */
  readonly user?: Readonly<Record<string, unknown>>
  readonly device?: 'hidden' | 'gone'
  readonly token?: string
  readonly validUntil?: number
  readonly refresh?: { readonly expiry?: number; readonly of?: string }
  readonly accountExpired?: true
}

const PAST = 1_600_000_000_000

const PEOPLE: readonly OddPerson[] = [
  { localpart: 'odd.plain' },
  { localpart: 'odd.gone', device: 'gone' },
  { localpart: 'odd.hidden', device: 'hidden' },
  { localpart: 'odd.script', token: 'a-token-of-a-script-from-2014' },
  { localpart: 'odd.tooold', validUntil: PAST },
  { localpart: 'odd.session', refresh: { expiry: PAST } },
  { localpart: 'odd.mixed', refresh: { of: 'odd.plain' } },
  { localpart: 'odd.closed', user: { deactivated: 1 } },
  { localpart: 'odd.banned', user: { shadow_banned: true } },
  { localpart: 'odd.waiting', user: { approved: false } },
  { localpart: 'odd.expired', accountExpired: true },
]

export const isOdd = (mxid: string): boolean => mxid.startsWith('@odd.')

/** Puts them there. None has a password or an SSO identity. */
export const addOddPeople = async (postgres: TestPostgres, database: string): Promise<void> => {
  const client = await postgres.superuser(database)
  const insert = (table: string, row: Readonly<Record<string, unknown>>) => {
    const columns = Object.keys(row)
    const places = columns.map((_, index) => `$${index + 1}`)
    return client.query(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`,
      Object.values(row),
    )
  }
  try {
    for (const [index, { localpart, user, device, token, validUntil, refresh, accountExpired }] of PEOPLE.entries()) {
      const mxid = `@${localpart}:${STORY_SERVER_NAME}`
      const id = 900_000 + index
      await insert('users', { name: mxid, creation_ts: 1_500_000_000, admin: 0, is_guest: 0, deactivated: 0, ...user })
      if (device !== 'gone') {
        await insert('devices', { user_id: mxid, device_id: 'ODD', hidden: device === 'hidden' })
      }
      if (refresh !== undefined) {
        const owner = refresh.of === undefined ? mxid : `@${refresh.of}:${STORY_SERVER_NAME}`
        await insert('refresh_tokens', {
          id,
          user_id: owner,
          device_id: 'ODD',
          token: `syr_odd_${index}`,
          expiry_ts: refresh.expiry ?? null,
        })
      }
      await insert('access_tokens', {
        id,
        user_id: mxid,
        device_id: 'ODD',
        token: token ?? `syt_${Buffer.from(localpart).toString('base64url')}_oddoddoddoddoddodd${index % 10}_1cTEst`,
        valid_until_ms: validUntil ?? null,
        refresh_token_id: refresh === undefined ? null : id,
        last_validated: 1_700_000_000_000,
        used: true,
      })
      if (accountExpired) {
        await insert('account_validity', { user_id: mxid, expiration_ts_ms: PAST, email_sent: false })
      }
    }
  } finally {
    await client.end()
  }
}
