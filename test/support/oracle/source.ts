import type { SourceRecord, SourceRow, SourceTable } from '../expected-rows/source-record.ts'

/** The last moment that every target can hold: 9999-12-31T23:59:59.999Z. */
const LATEST = 253_402_300_799_999n

const clamped = (milliseconds: bigint): number =>
  Number(milliseconds < 0n ? 0n : milliseconds > LATEST ? LATEST : milliseconds)

/** Milliseconds of a column that Synapse writes in milliseconds, brought to where a timestamp can be. */
export const milliseconds = (row: SourceRow, column: string): number | null => {
  const value = row[column] ?? null
  return value === null ? null : clamped(BigInt(String(value)))
}

/** The same of a column in seconds. */
export const seconds = (row: SourceRow, column: string): number | null => {
  const value = row[column] ?? null
  if (value === null) return null
  const time = BigInt(String(value)) * 1000n
  return clamped(time > LATEST ? (LATEST / 1000n) * 1000n : time)
}

export const text = (row: SourceRow, column: string): string | null => {
  const value = row[column] ?? null
  return value === null ? null : String(value)
}

/** A flag: NULL and 0 are false. */
export const isSet = (row: SourceRow, column: string): boolean => Boolean(row[column] ?? false)

/** Several texts as one that no other list of texts gives. */
export const joined = (...parts: readonly (string | null)[]): string => JSON.stringify(parts)

type Grouped = ReadonlyMap<string, readonly SourceRow[]>

const grouped = (rows: readonly SourceRow[], keyOf: (row: SourceRow) => string): Grouped => {
  const groups = new Map<string, SourceRow[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group) group.push(row)
    else groups.set(keyOf(row), [row])
  }
  return groups
}

const ofUser = (row: SourceRow): string => joined(text(row, 'user_id'))
const ofDevice = (row: SourceRow): string => joined(text(row, 'user_id'), text(row, 'device_id'))
const ofRefreshToken = (row: SourceRow): string => joined(text(row, 'refresh_token_id'))

/** A source with its rows found by what they belong to. */
export interface IndexedSource {
  readonly tables: SourceRecord['tables']
  readonly byUser: Readonly<Record<Exclude<SourceTable, 'users' | 'refresh_tokens'>, Grouped>>
  readonly devices: ReadonlyMap<string, SourceRow>
  readonly deviceKeys: ReadonlyMap<string, SourceRow>
  /** Access tokens that name a device, but for puppets. */
  readonly ownTokensOfDevice: Grouped
  /** Access tokens that point at a refresh token, by its id. */
  readonly accessOfRefresh: Grouped
  readonly refreshTokens: ReadonlyMap<string, SourceRow>
}

const byKey = (rows: readonly SourceRow[], keyOf: (row: SourceRow) => string): ReadonlyMap<string, SourceRow> =>
  new Map(rows.map((row) => [keyOf(row), row]))

export const indexSource = ({ tables }: SourceRecord): IndexedSource => ({
  tables,
  byUser: {
    user_threepids: grouped(tables.user_threepids, ofUser),
    user_external_ids: grouped(tables.user_external_ids, ofUser),
    devices: grouped(tables.devices, ofUser),
    access_tokens: grouped(tables.access_tokens, ofUser),
    e2e_device_keys_json: grouped(tables.e2e_device_keys_json, ofUser),
  },
  devices: byKey(tables.devices, ofDevice),
  deviceKeys: byKey(tables.e2e_device_keys_json, ofDevice),
  ownTokensOfDevice: grouped(
    tables.access_tokens.filter((row) => row['device_id'] !== null && row['puppets_user_id'] === null),
    ofDevice,
  ),
  accessOfRefresh: grouped(
    tables.access_tokens.filter((row) => row['refresh_token_id'] !== null),
    ofRefreshToken,
  ),
  refreshTokens: byKey(tables.refresh_tokens, (row) => joined(text(row, 'id'))),
})

export const deviceKey = (row: SourceRow): string => ofDevice(row)
