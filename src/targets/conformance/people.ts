import { createHash } from 'node:crypto'
import type { AccessToken, Account, Identity, RefreshToken, Session, Threepid } from '../../accounts/account.ts'
import type { TargetProvider } from '../target.ts'

/** 2024-03-01T00:00:00Z. Synapse keeps the creation of an account in whole seconds. */
const CREATED = 1_709_251_200_000
const HOUR = 3_600_000

/** Text that looks random, is the same every time, and occurs nowhere by chance. */
const noise = (...of: readonly string[]): string =>
  createHash('sha512').update(of.join('\0')).digest('base64url').replaceAll(/[-_]/gu, 'x')

export const bcryptHash = (of: string): string => `$2b$12$${noise('hash', of).slice(0, 53)}`

export interface People {
  readonly serverName: string
  readonly providers: readonly TargetProvider[]
  /** Whether the target has primary addresses: then everybody's e-mail is one. */
  readonly primaryEmails?: boolean
}

export interface Person {
  readonly localpart: string
  readonly createdAt?: number
  readonly email?: string
  readonly subject?: string
  readonly devices?: readonly string[]
  readonly displayName?: string
  readonly userAgent?: string
}

export const mxidOf = ({ serverName }: People, localpart: string): string => `@${localpart}:${serverName}`

/**
 * Somebody who has one of everything: a password, an e-mail, a phone, an SSO identity where the target has a provider,
 * and devices, the first with a pair of tokens, the second with a lasting token, the others with none.
 */
export const person = (people: People, wanted: Person): Account => {
  const { localpart, createdAt = CREATED, devices = ['FIRST', 'SECOND', 'THIRD'] } = wanted
  const mxid = mxidOf(people, localpart)
  const addresses = threepids(wanted, createdAt)
  const primaryEmail = people.primaryEmails === true ? addresses[0]?.address : undefined
  const accessTokens = devices.slice(0, 2).map((deviceId, index) => accessToken(mxid, deviceId, createdAt, index))
  return {
    mxid,
    localpart,
    createdAt,
    isAdmin: false,
    isGuest: false,
    isLocked: false,
    isDeactivated: false,
    passwordHash: bcryptHash(mxid),
    threepids: addresses,
    ...(primaryEmail === undefined ? {} : { primaryEmail }),
    identities: identities(people, wanted.subject ?? `subject of ${localpart}`),
    sessions: devices.map((deviceId) => session(deviceId, wanted, createdAt)),
    accessTokens,
    refreshTokens: tokenPairs(mxid, accessTokens.slice(0, 1)),
  }
}

export const email = (address: string, addedAt = CREATED + HOUR): Threepid => ({ medium: 'email', address, addedAt })

const threepids = ({ localpart, email: address }: Person, createdAt: number): readonly Threepid[] => [
  email(address ?? `${noise('mail', localpart).slice(0, 12).toLowerCase()}@conformance.example`, createdAt),
  {
    medium: 'msisdn',
    address: `49${createHash('sha1').update(localpart).digest().readUInt32BE()}`,
    addedAt: createdAt,
  },
]

export const identities = ({ providers }: People, subject: string): readonly Identity[] =>
  providers.slice(0, 1).map(({ id, authProvider }) => ({ authProvider, providerId: id, subject }))

const session = (deviceId: string, wanted: Person, createdAt: number): Session => ({
  deviceId,
  displayName: wanted.displayName ?? `${wanted.localpart} on ${deviceId}`,
  createdAt,
  lastSeenAt: createdAt,
  ip: '192.0.2.7',
  userAgent: wanted.userAgent ?? 'Element/1.0',
})

const accessToken = (mxid: string, deviceId: string, createdAt: number, index: number): AccessToken => ({
  token: `syt_${noise('access', mxid, deviceId).slice(0, 40)}`,
  deviceId,
  createdAt,
  ...(index === 0 ? { expiresAt: createdAt + HOUR } : {}),
})

const tokenPairs = (mxid: string, pairs: readonly AccessToken[]): readonly RefreshToken[] =>
  pairs.map(({ token, deviceId = '', createdAt }) => ({
    token: `syr_${noise('refresh', mxid, deviceId).slice(0, 40)}`,
    accessToken: token,
    deviceId,
    createdAt,
  }))

/** Ordinary people, in the order of their Matrix ids. */
export const crowd = (people: People, count: number, prefix = 'person'): readonly Account[] =>
  Array.from({ length: count }, (_, n) => person(people, { localpart: `${prefix}${String(n).padStart(4, '0')}` }))

/** Every secret of some accounts. */
export const secretsOf = (accounts: readonly Account[]): readonly string[] =>
  accounts.flatMap(({ passwordHash, accessTokens, refreshTokens }) => [
    ...(passwordHash === undefined ? [] : [passwordHash]),
    ...accessTokens.map(({ token }) => token),
    ...refreshTokens.map(({ token }) => token),
  ])
