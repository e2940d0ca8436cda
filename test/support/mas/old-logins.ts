import { writeFile } from 'node:fs/promises'
import type { SourceRow } from '../expected-rows/source-record.ts'
import type { SourceRecord } from '../expected-rows.ts'

/** An access token that Synapse had, and why it must not work any more where MAS is asked; undefined: it must. */
export interface OldLogin {
  readonly token: string
  readonly user: string
  readonly device: string | null
  readonly ends: string | undefined
}

/**
 * Every access token of a Synapse, with the reason of those that end with it. Stated from the specification and from what
 * real servers did, not from the decisions of the program.
 */
export const oldLogins = ({ tables }: SourceRecord): readonly OldLogin[] => {
  const users = new Map(tables.users.map((row) => [row['name'], row]))
  const refreshTokens = new Map(tables.refresh_tokens.map((row) => [String(row['id']), row]))
  const used = new Set(
    tables.access_tokens.filter((row) => row['used'] === true).map((row) => String(row['refresh_token_id'])),
  )
  const isSuperseded = (row: SourceRow): boolean => {
    const next = refreshTokens.get(String(row['refresh_token_id']))?.['next_token_id']
    return next !== null && next !== undefined && used.has(String(next))
  }
  const ends = (row: SourceRow): string | undefined => {
    const user = users.get(row['user_id'] ?? null)
    const device = row['device_id']
    if (user?.['is_guest'] === 1) return 'guest'
    if (user?.['appservice_id'] !== null) return 'application service'
    if (row['puppets_user_id'] !== null) return 'puppet'
    if (typeof device === 'string' && (device === '' || device.length > 255)) return 'device id that Synapse refuses'
    if (user?.['locked'] === true) return 'locked'
    return isSuperseded(row) ? 'superseded' : undefined
  }
  return tables.access_tokens.map((row) => ({
    token: String(row['token']),
    user: String(row['user_id']),
    device: row['device_id'] === null ? null : String(row['device_id']),
    ends: ends(row),
  }))
}

/** As `verify --tokens` reads them. */
export const writeTokens = (file: string, logins: readonly OldLogin[]): Promise<void> =>
  writeProtected(
    file,
    logins.map(({ token, user, device }) => ({ mxid: user, device_id: device, token })),
  )

/** As `verify --canaries` reads them. */
export const writeCanaries = (file: string, passwords: ReadonlyMap<string, string>): Promise<void> =>
  writeProtected(
    file,
    [...passwords].map(([mxid, password]) => ({ mxid, password })),
  )

const writeProtected = (file: string, lines: readonly Readonly<Record<string, string | null>>[]): Promise<void> =>
  writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: 0o600 })
