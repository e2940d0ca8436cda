import type { Stage } from './stage.ts'

const T = 1_700_000_000_000

const literal = (value: string | number | boolean | null | undefined): string => {
  if (value === null || value === undefined) return 'NULL'
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
}

const insert = (table: string, row: Readonly<Record<string, string | number | boolean | null | undefined>>): string =>
  `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.values(row).map(literal).join(', ')})`

/** The Matrix id of a person of the stage. */
export const mxid = (name: string): string => `@${name}:example.org`

export interface Person {
  readonly password?: string | null
  readonly admin?: boolean
  readonly emails?: readonly string[]
  readonly phones?: readonly string[]
  readonly subjects?: readonly string[]
  /** Devices; each has the access token `syt_<name>_<device>`. */
  readonly devices?: readonly string[]
  /** Devices whose token is renewed by `syr_<name>_<device>`. */
  readonly refreshing?: readonly string[]
  /** Tokens of no device. */
  readonly devicelessTokens?: readonly string[]
}

let ids = 0

/** Statements that make somebody in Synapse with all that belongs to a person. */
export const person = (name: string, about: Person = {}): readonly string[] => {
  const user_id = mxid(name)
  const device = (device_id: string): readonly string[] => [
    insert('devices', {
      user_id,
      device_id,
      display_name: `${name}'s ${device_id}`,
      last_seen: T,
      ip: '10.1.2.3',
      user_agent: 'test',
      hidden: false,
    }),
  ]
  const accessToken = (token: string, device_id: string | null, refresh_token_id: number | null = null): string =>
    insert('access_tokens', {
      id: ++ids,
      user_id,
      device_id,
      token,
      last_validated: T,
      refresh_token_id,
      used: refresh_token_id === null ? null : true,
    })
  return [
    insert('users', {
      name: user_id,
      password_hash: about.password === undefined ? `$2b$12$${name}` : about.password,
      creation_ts: T / 1000 - 1000,
      admin: about.admin === true ? 1 : 0,
      is_guest: 0,
      deactivated: 0,
    }),
    ...(about.emails ?? []).map((address) =>
      insert('user_threepids', { user_id, medium: 'email', address, validated_at: T, added_at: T }),
    ),
    ...(about.phones ?? []).map((address) =>
      insert('user_threepids', { user_id, medium: 'msisdn', address, validated_at: T, added_at: T }),
    ),
    ...(about.subjects ?? []).map((external_id) =>
      insert('user_external_ids', { auth_provider: 'oidc-one', external_id, user_id }),
    ),
    ...(about.devices ?? []).flatMap((one) => [...device(one), accessToken(`syt_${name}_${one}`, one)]),
    ...(about.refreshing ?? []).flatMap((one) => {
      const id = ++ids
      return [
        ...device(one),
        insert('refresh_tokens', { id, user_id, device_id: one, token: `syr_${name}_${one}` }),
        accessToken(`syt_${name}_${one}`, one, id),
      ]
    }),
    ...(about.devicelessTokens ?? []).map((token) => accessToken(token, null)),
  ]
}

/** One more device, with its token. */
export const device = (name: string, device_id: string): readonly string[] =>
  person(name, { devices: [device_id] }).slice(1)

/** Somebody with one of everything. */
export const EVERYTHING: Person = {
  emails: ['someone@example.com'],
  phones: ['491234'],
  subjects: ['someone'],
  devices: ['PHONE'],
  refreshing: ['LAPTOP'],
  devicelessTokens: ['syt_bare'],
}

const uuid = (number: number): string => `01900000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`

/** A user of MAS's own, whom nobody migrated; the identifier is made of the number. */
export const masUser = async (stage: Stage, username: string, number: number): Promise<string> => {
  const id = uuid(number)
  await stage.inMas(`INSERT INTO users (user_id, username, created_at) VALUES ('${id}', '${username}', now())`)
  return id
}

export const masEmail = (user: string, email: string, number: number): string =>
  `INSERT INTO user_emails (user_email_id, user_id, email, created_at) VALUES ('${uuid(number)}', '${user}', '${email}', now())`
