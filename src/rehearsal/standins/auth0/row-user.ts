import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Connection, StoredPassword, Tenant, User } from './tenant.ts'

const NAMES = ['name', 'nickname', 'given_name', 'family_name', 'picture'] as const

const row = z.object({
  email: z.string().toLowerCase().optional(),
  email_verified: z.boolean().optional(),
  phone_number: z.string().optional(),
  phone_verified: z.boolean().optional(),
  user_id: z.string().optional(),
  username: z.string().toLowerCase().optional(),
  name: z.string().optional(),
  nickname: z.string().optional(),
  given_name: z.string().optional(),
  family_name: z.string().optional(),
  picture: z.string().optional(),
  blocked: z.boolean().optional(),
  password_hash: z.string().optional(),
  custom_password_hash: z.record(z.string(), z.unknown()).optional(),
  app_metadata: z.record(z.string(), z.unknown()).optional(),
  user_metadata: z.record(z.string(), z.unknown()).optional(),
})

/** A row that has kept all rules. Second factors are checked, and not kept. */
export type Row = z.output<typeof row>

export const readRow = (value: unknown): Row => row.parse(value)

const namesOf = (from: Row): User['names'] =>
  Object.fromEntries(NAMES.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])))

const passwordOf = ({ password_hash: own, custom_password_hash: custom }: Row): StoredPassword => {
  if (own !== undefined) return { kind: 'own', bcrypt: own }
  return custom === undefined ? { kind: 'random' } : { kind: 'imported', custom }
}

/** The user that a row makes. `now` in milliseconds since 1970. */
export const newUser = (from: Row, connection: Connection, now: number): User => {
  const id = from.user_id ?? randomBytes(12).toString('hex')
  return {
    userId: `${connection.strategy}|${id}`,
    identities: [{ connection: connection.name, provider: connection.strategy, userId: id, isSocial: false }],
    ...(from.email === undefined ? {} : { email: from.email, emailVerified: from.email_verified === true }),
    ...(from.phone_number === undefined
      ? {}
      : { phoneNumber: from.phone_number, phoneVerified: from.phone_verified === true }),
    ...(from.username === undefined ? {} : { username: from.username }),
    names: namesOf(from),
    blocked: from.blocked === true,
    appMetadata: from.app_metadata ?? {},
    userMetadata: from.user_metadata ?? {},
    password: passwordOf(from),
    createdAt: now,
    updatedAt: now,
    loginsCount: 0,
  }
}

/** The user that a row with upsert makes of one who is there: only what can be upserted, metadata replaced as a whole. */
export const upsertedUser = (user: User, from: Row, { clock, readings }: Pick<Tenant, 'clock' | 'readings'>): User => ({
  ...user,
  emailVerified: from.email_verified === true,
  names: { ...user.names, ...namesOf(from) },
  ...(from.app_metadata === undefined ? {} : { appMetadata: from.app_metadata }),
  ...(from.user_metadata === undefined ? {} : { userMetadata: from.user_metadata }),
  ...(from.custom_password_hash === undefined
    ? {}
    : {
        password: { kind: 'imported', custom: from.custom_password_hash },
        ...(readings.hashByUpsert === 'a reset' ? { lastPasswordReset: clock.now() } : {}),
      }),
  updatedAt: clock.now(),
})
