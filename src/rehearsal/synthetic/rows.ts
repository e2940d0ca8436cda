import { createHash } from 'node:crypto'
import {
  accessToken,
  account,
  CAME,
  type DemoRow,
  type DemoRows,
  device,
  deviceKeys,
  externalId,
  profile,
  refreshToken,
  SEEN,
  threepid,
} from '../demo/rows.ts'
import { hashPassword } from './hash-password.ts'
import { milliseconds } from './moment.ts'
import type { SyntheticDevice, SyntheticHomeserver, SyntheticPerson } from './people.ts'

const DAY = 86_400_000
/** Ids that no token of other people has. */
const FIRST_ID = 4_000_000_000

/** A device that is logged in, with its tokens: nothing of it is a secret, it is made of its own name. */
export interface SyntheticLogin {
  readonly mxid: string
  readonly localpart: string
  readonly id: number
  readonly device: Required<Pick<SyntheticDevice, 'id' | 'tokens'>> & Omit<SyntheticDevice, 'id' | 'tokens'>
  readonly accessToken: string
  readonly refreshToken: string
}

/** What follows the prefix of a token: 20 letters, an underscore, 6 more. */
const tail = (...of: readonly string[]): string => {
  const letters = createHash('sha256').update(JSON.stringify(of)).digest('hex').replaceAll(/\d/gu, 'x')
  return `${letters.slice(0, 20)}_${letters.slice(20, 26)}`
}

/** Every device of the people that are described, with the tokens that it may have. */
export const loginsOf = ({ people, mxid: at }: SyntheticHomeserver): readonly SyntheticLogin[] =>
  people
    .flatMap((one) =>
      ('devices' in one ? (one.devices ?? []) : []).map((given) => ({
        localpart: one.localpart,
        device: { tokens: 'access' as const, ...(typeof given === 'string' ? { id: given } : given) },
      })),
    )
    .map(({ localpart, device: own }, index) => ({
      mxid: at(localpart),
      localpart,
      id: FIRST_ID + index,
      device: own,
      accessToken: `syt_${Buffer.from(localpart).toString('base64').replaceAll('=', '')}_${tail('access', localpart, own.id)}`,
      refreshToken: `syr_${tail('refresh', localpart, own.id)}`,
    }))

const isOn = (one: SyntheticPerson, name: string): boolean => new Map(Object.entries(one)).get(name) === true

/** The hash of everybody's password, each made once. */
const hashesOf = async ({ people, pepper = '' }: SyntheticHomeserver): Promise<ReadonlyMap<string, string>> => {
  const passwords = new Set(people.flatMap((one) => ('password' in one ? (one.password ?? []) : [])))
  const hashes = new Map<string, string>()
  for (const password of passwords) hashes.set(password, await hashPassword(password, pepper))
  return hashes
}

const userRow = (
  mxid: string,
  one: SyntheticPerson,
  { index, hashes }: { readonly index: number; readonly hashes: ReadonlyMap<string, string> },
): DemoRow => {
  const password = 'password' in one ? one.password : undefined
  return account(mxid, {
    // A bridge's users have an empty one (Synapse, `register_appservice_user`).
    password_hash: password === undefined ? (one.kind === 'ghost' ? '' : null) : (hashes.get(password) ?? null),
    creation_ts: one.createdAt === undefined ? CAME + index : Math.floor(milliseconds(one.createdAt) / 1000),
    admin: Number(isOn(one, 'admin')),
    is_guest: Number(one.kind === 'guest'),
    deactivated: Number(one.kind === 'deactivated'),
    appservice_id: one.kind === 'ghost' ? one.bridge : null,
    user_type: ('type' in one ? one.type : undefined) ?? null,
    shadow_banned: isOn(one, 'shadowBanned'),
    approved: !isOn(one, 'unapproved'),
    locked: isOn(one, 'locked'),
    suspended: isOn(one, 'suspended'),
  })
}

const threepidRows = ({ people, mxid: at }: SyntheticHomeserver): readonly DemoRow[] =>
  people.flatMap((one) => {
    const emails = 'emails' in one ? (one.emails ?? []) : []
    const phones = 'phones' in one ? (one.phones ?? []) : []
    const added = (order: number): DemoRow => ({ validated_at: SEEN + order, added_at: SEEN + order })
    return [
      ...emails.map((address, order) => threepid(at(one.localpart), address, added(order))),
      ...phones.map((number, order) => threepid(at(one.localpart), number, { medium: 'msisdn', ...added(order) })),
    ]
  })

const deviceRow = ({ mxid, device: own }: SyntheticLogin, asOf: number): DemoRow =>
  device(mxid, own.id, {
    display_name: own.name ?? own.id,
    last_seen: own.lastSeen === undefined ? asOf - DAY : milliseconds(own.lastSeen),
  })

const accessRow = ({ mxid, device: own, id, accessToken: token }: SyntheticLogin, asOf: number): DemoRow =>
  accessToken(mxid, own.id, token, {
    id,
    ...(own.tokens === 'refreshing' ? { refresh_token_id: id } : {}),
    ...(own.tokens === 'expired' ? { valid_until_ms: asOf - DAY } : {}),
  })

const namesWhere = (
  { people, mxid: at }: SyntheticHomeserver,
  fits: (one: SyntheticPerson) => boolean,
): readonly string[] => people.filter(fits).map(({ localpart }) => at(localpart))

/** The rows of the people that are described. */
export const rowsOf = async (homeserver: SyntheticHomeserver, asOf: number): Promise<DemoRows> => {
  const { people, mxid: at } = homeserver
  const logins = loginsOf(homeserver)
  const hashes = await hashesOf(homeserver)
  const refreshing = logins.filter(({ device: { tokens } }) => tokens === 'refreshing')
  return {
    users: people.map((one, index) => userRow(at(one.localpart), one, { index, hashes })),
    profiles: people
      .filter(({ kind }) => kind !== 'guest' && kind !== 'deactivated')
      .map(({ localpart, displayName }) =>
        profile(localpart, at(localpart), { displayname: displayName ?? localpart }),
      ),
    user_threepids: threepidRows(homeserver),
    user_external_ids: people.flatMap((one) =>
      ('identities' in one ? (one.identities ?? []) : []).map(({ provider, subject }) =>
        externalId(at(one.localpart), provider, subject),
      ),
    ),
    erased_users: namesWhere(homeserver, (one) => isOn(one, 'erased')).map((user_id) => ({ user_id })),
    account_validity: namesWhere(homeserver, (one) => isOn(one, 'expired')).map((user_id) => ({
      user_id,
      expiration_ts_ms: asOf - DAY,
      email_sent: true,
    })),
    devices: logins.map((login) => deviceRow(login, asOf)),
    e2e_device_keys_json: logins.map(({ mxid, device: { id } }) => deviceKeys(mxid, id)),
    refresh_tokens: refreshing.map(({ mxid, device: { id: name }, id, refreshToken: token }) =>
      refreshToken(id, mxid, name, token),
    ),
    access_tokens: logins.filter(({ device: { tokens } }) => tokens !== 'none').map((login) => accessRow(login, asOf)),
  }
}
