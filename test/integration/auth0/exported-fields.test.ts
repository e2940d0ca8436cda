import { expect, it } from 'vitest'
import type { User } from '../../../src/rehearsal/standins/auth0/tenant.ts'
import type { PresentUser } from '../../../src/targets/auth0/api/user.ts'
import { userById } from '../../../src/targets/auth0/api/users-api.ts'
import { exportUsers } from '../../../src/targets/auth0/census/export-users.ts'
import { tenantAndApi } from '../../support/auth0/tenant-and-api.ts'

const { signal } = new AbortController()

const DAY_MS = 86_400_000
const BEGINNING = Date.UTC(2026, 0, 1)

/** Somebody of whom nothing is as if it were not told. */
const completeUser = (connection: string): User => ({
  userId: 'auth0|ann',
  identities: [
    { connection, provider: 'auth0', userId: 'ann', isSocial: false },
    { connection: 'google', provider: 'google-oauth2', userId: '4711', isSocial: true, profileData: { name: 'A' } },
  ],
  username: 'ann',
  email: 'ann@demo.example',
  emailVerified: true,
  phoneNumber: '+4930901820',
  phoneVerified: true,
  names: {
    name: 'Ann',
    nickname: 'annie',
    given_name: 'Anna',
    family_name: 'Demo',
    picture: 'https://demo.example/ann.png',
  },
  blocked: true,
  appMetadata: { syn2op: { mxid: '@ann:demo.example' }, theirs: 1 },
  userMetadata: { theirs: 2 },
  createdAt: BEGINNING,
  updatedAt: BEGINNING + DAY_MS,
  lastPasswordReset: BEGINNING + 2 * DAY_MS,
  lastLogin: BEGINNING + 3 * DAY_MS,
  loginsCount: 4,
})

it('tells by an export all of a user that a read by id tells: a plan goes by the one, a run by the other', async () => {
  const { api, standIn } = await tenantAndApi()
  const { tenant, connection } = standIn
  tenant.users.put(completeUser(connection.name))
  const exported: PresentUser[] = []
  for await (const user of exportUsers(api, connection.id, signal)) exported.push(user)
  const read = await userById(api, 'auth0|ann', signal)
  expect(read).toEqual({
    id: 'auth0|ann',
    username: 'ann',
    email: 'ann@demo.example',
    emailVerified: true,
    phoneNumber: '+4930901820',
    phoneVerified: true,
    names: completeUser(connection.name).names,
    blocked: true,
    appMetadata: { syn2op: { mxid: '@ann:demo.example' }, theirs: 1 },
    userMetadata: { theirs: 2 },
    identities: [
      { connection: connection.name, provider: 'auth0', userId: 'ann', isSocial: false },
      { connection: 'google', provider: 'google-oauth2', userId: '4711', isSocial: true },
    ],
    createdAt: BEGINNING,
    updatedAt: BEGINNING + DAY_MS,
    lastPasswordReset: BEGINNING + 2 * DAY_MS,
    lastLogin: BEGINNING + 3 * DAY_MS,
    loginsCount: 4,
  } satisfies Required<Omit<PresentUser, 'primaryId'>>)
  expect(exported).toEqual([read])
})
