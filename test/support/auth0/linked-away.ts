import { expect } from 'vitest'
import { userIdOf } from '../../../src/targets/auth0/accounts/user-id.ts'
import { openManagementApi } from '../../../src/targets/auth0/api/management-api.ts'
import { accountOf, type TenantToFill, tenantToFill } from './migration.ts'
import { addConnection } from './tenant-and-api.ts'

const { signal } = new AbortController()

export const anna = accountOf('anna')

/** Auth0's search does not see at once what was written. */
const MINUTE_MS = 60_000

/** To whom somebody's own Action, or an administrator, links users of the database. */
const PRIMARIES = {
  'of the same connection': (connection: string) => ({ provider: 'auth0', connection, userId: 'boss' }),
  'of another connection': () => ({ provider: 'google-oauth2', connection: 'google-oauth2', userId: '4711' }),
} as const

type Where = keyof typeof PRIMARIES

export const WHERES = Object.keys(PRIMARIES).filter((where): where is Where => where in PRIMARIES)

const addPrimary = ({ standIn }: TenantToFill, where: Where): string => {
  const { tenant, connection } = standIn
  const identity = { ...PRIMARIES[where](connection.name), isSocial: where === 'of another connection' }
  if (identity.isSocial) addConnection(standIn, identity.connection, identity.provider)
  const userId = `${identity.provider}|${identity.userId}`
  const now = tenant.clock.now()
  tenant.users.put({
    userId,
    identities: [identity],
    email: 'boss@elsewhere.example',
    names: {},
    blocked: false,
    appMetadata: { role: 'boss' },
    userMetadata: {},
    createdAt: now,
    updatedAt: now,
    loginsCount: 1,
  })
  return userId
}

/** Anna has moved, and was linked to somebody whom syn2op has not made. */
export const linkedAway = async (
  where: Where,
): Promise<{ readonly tenant: TenantToFill; readonly primaryId: string }> => {
  const tenant = await tenantToFill()
  await (await tenant.open()).migrate({ accounts: [anna] })
  const primaryId = addPrimary(tenant, where)
  const api = openManagementApi(tenant.config, { clock: tenant.clock })
  const id = userIdOf(tenant.standIn.connection.name, anna.mxid)
  const body = { provider: 'auth0', user_id: id.slice('auth0|'.length) }
  const path = `users/${encodeURIComponent(primaryId)}/identities`
  expect(await api.send({ method: 'POST', path, body, signal })).toMatchObject({ status: 201 })
  await api.close()
  await tenant.clock.sleep(MINUTE_MS)
  return { tenant, primaryId }
}
