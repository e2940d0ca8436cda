import fc from 'fast-check'
import { SOURCE_TABLES, type SourceRow, type SourceTable } from '../expected-rows/source-record.ts'
import { type HomeserverSpec, homeserverSpec } from './specs.ts'
import { STRAYS } from './values.ts'

/** Whole rows of the tables that a migration reads. */
export type Homeserver = Readonly<Record<SourceTable, readonly SourceRow[]>>

/** The columns that tell the rows of a table apart. */
const KEYS: Readonly<Record<SourceTable, readonly string[]>> = {
  users: ['name'],
  user_threepids: ['medium', 'address'],
  user_external_ids: ['auth_provider', 'external_id'],
  devices: ['user_id', 'device_id'],
  access_tokens: ['id'],
  refresh_tokens: ['id'],
  e2e_device_keys_json: ['user_id', 'device_id'],
}

const keyOf = (table: SourceTable, row: SourceRow): string =>
  JSON.stringify(KEYS[table].map((column) => row[column] ?? null))

/** Of rows under one key the last. */
const byKey = (table: SourceTable, rows: readonly SourceRow[]): ReadonlyMap<string, SourceRow> =>
  new Map(rows.map((row) => [keyOf(table, row), row]))

const unique = (table: SourceTable, rows: readonly SourceRow[]): readonly SourceRow[] => [
  ...byKey(table, rows).values(),
]

/** Of what is there, mostly; sometimes of nobody. */
const chosen = <Thing>(things: readonly Thing[], pick: number): Thing | undefined =>
  pick < 92 && things.length > 0 ? things[pick % things.length] : undefined

interface Place {
  readonly onDevice: boolean
  readonly device: number
  readonly owner: number
  readonly elsewhere: string | null
}

const MACAROON = (n: number): string => Buffer.from(`MDAxlocation h.example ${n}`).toString('base64url')

const tokenText = (kind: string, n: number): string => {
  if (kind === 'macaroon') return MACAROON(n)
  if (kind === 'almost') return Buffer.from(`MDAxlocatiom h.example ${n}`).toString('base64url')
  return kind === 'short' ? `t${n}` : `${kind}_${n}`
}

const toRows = (spec: HomeserverSpec): Homeserver => {
  const names = spec.users.flatMap(({ name }) => name ?? [])
  const owner = (pick: number): string => chosen(names, pick) ?? STRAYS[pick % STRAYS.length] ?? ''
  const devices = unique(
    'devices',
    spec.devices.map(({ owner: pick, ...device }) => ({ user_id: owner(pick), ...device })),
  )
  const placed = (place: Place): { readonly user_id: string; readonly device_id: string | null } => {
    const device = place.onDevice ? chosen(devices, place.device) : undefined
    return device
      ? { user_id: String(device['user_id']), device_id: String(device['device_id']) }
      : { user_id: owner(place.owner), device_id: place.elsewhere }
  }
  const refreshTokens = spec.refreshTokens.map((token, index) => {
    const { user_id, device_id } = placed(token)
    const next = token.next === null ? null : (token.next % spec.refreshTokens.length) + 1
    return {
      id: String(index + 1),
      user_id,
      device_id: device_id ?? 'LAPTOP',
      token: tokenText(token.text, index),
      next_token_id: next === null ? null : String(next),
      expiry_ts: token.expiry_ts,
      ultimate_session_expiry_ts: token.ultimate_session_expiry_ts,
    }
  })
  const accessTokens = spec.accessTokens.map((token, index) => {
    const refresh = token.refresh === null ? undefined : chosen(refreshTokens, token.refresh)
    return {
      id: String(index + 1),
      ...(refresh && token.followsRefresh ? { user_id: refresh.user_id, device_id: refresh.device_id } : placed(token)),
      token: tokenText(token.text, index),
      valid_until_ms: token.valid_until_ms,
      puppets_user_id: token.isPuppet ? owner(token.owner) : null,
      last_validated: token.last_validated,
      refresh_token_id: refresh?.id ?? null,
      used: token.used,
    }
  })
  return {
    users: spec.users,
    user_threepids: unique(
      'user_threepids',
      spec.threepids.map(({ owner: pick, ...one }) => ({ user_id: owner(pick), validated_at: one.added_at, ...one })),
    ),
    user_external_ids: unique(
      'user_external_ids',
      spec.identities.map(({ owner: pick, ...one }) => ({ user_id: owner(pick), ...one })),
    ),
    devices,
    access_tokens: accessTokens,
    refresh_tokens: refreshTokens,
    e2e_device_keys_json: unique(
      'e2e_device_keys_json',
      spec.deviceKeys.map(({ ts_added_ms, ...place }) => {
        const { user_id, device_id } = placed(place)
        return { user_id, device_id: device_id ?? 'PHONE', ts_added_ms, key_json: '{}' }
      }),
    ),
  }
}

/** A homeserver of no more than twelve accounts, of every kind and with any damage. */
export const homeserver: fc.Arbitrary<Homeserver> = homeserverSpec.map(toRows)

const has = (rows: readonly SourceRow[], id: SourceRow[string] | undefined): boolean =>
  id === null || id === undefined || rows.some((row) => row['id'] === id)

/** Synapse's foreign keys delete what points at a refresh token together with it. */
const cascade = (rows: Homeserver): Homeserver => {
  const refresh_tokens = rows.refresh_tokens.filter((row) => has(rows.refresh_tokens, row['next_token_id']))
  const access_tokens = rows.access_tokens.filter((row) => has(refresh_tokens, row['refresh_token_id']))
  const next = { ...rows, refresh_tokens, access_tokens }
  return refresh_tokens.length === rows.refresh_tokens.length ? next : cascade(next)
}

/** What happens to a homeserver between two runs: rows are deleted, others changed or added. */
export interface Change {
  /** Which of the rows are deleted, by their position. */
  readonly deleted: readonly number[]
  /** Rows that replace those of the same key, or are new. */
  readonly written: Homeserver
}

export const change: fc.Arbitrary<Change> = fc.record({
  deleted: fc.uniqueArray(fc.nat({ max: 60 }), { maxLength: 12 }),
  written: homeserver,
})

/** The homeserver after a change. Tokens of one id keep their text unless their row is replaced. */
export const changed = (before: Homeserver, { deleted, written }: Change): Homeserver => {
  let position = 0
  const tables = SOURCE_TABLES.map((table) => {
    const kept = before[table].filter(() => !deleted.includes(position++))
    // One in three of the new rows is written, so that most of what was there stays as it was.
    const more = written[table].filter((_, index) => index % 3 === 0)
    return [table, unique(table, [...kept, ...more])]
  })
  return cascade(Object.fromEntries(tables) as Homeserver)
}
