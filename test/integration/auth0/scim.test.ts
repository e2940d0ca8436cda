import { describe, expect, it } from 'vitest'
import { upstreamLogin } from '../../../src/rehearsal/standins/auth0/login.ts'
import { asking } from '../../support/auth0/asking.ts'

const GIVEN = { enterprise: { strategy: 'oidc', scim: true } } as const
const USERS = '/scim/v2/connections/{enterprise}/Users'
const ANN = { userName: 'ann', externalId: 'ann-at-idp', emails: [{ value: 'ann@example.org', primary: true }] }
const ARRIVAL = { connection: 'company', subject: 'ann-at-idp' }
const USER_ID = 'oidc|company|ann-at-idp'
const AS_SCIM = { as: 'SCIM' } as const

describe('users whom SCIM has provisioned', () => {
  it('are who logs in with the subject that is their externalId', async () => {
    const { ask, standIn } = await asking(GIVEN)
    expect((await ask('POST', USERS, ANN, AS_SCIM)).body).toMatchObject({ id: USER_ID, active: true })
    expect(await upstreamLogin(standIn.tenant, ARRIVAL)).toEqual({ kind: 'in', userId: USER_ID })
    expect(standIn.tenant.users.count()).toBe(1)
  })

  it('are not who logs in with another subject', async () => {
    const { ask, standIn } = await asking(GIVEN)
    await ask('POST', USERS, ANN, AS_SCIM)
    await upstreamLogin(standIn.tenant, { ...ARRIVAL, subject: 'ann' })
    expect(standIn.tenant.users.count()).toBe(2)
  })

  it('get in with the password of the database user who is linked to them', async () => {
    const password = 'Correct-horse-9'
    const { ask, logIn } = await asking({
      ...GIVEN,
      users: [{ user_id: 'ann', email: 'ann@example.org', username: 'ann', password }],
    })
    await ask('POST', USERS, ANN, AS_SCIM)
    const linked = await ask('POST', `/api/v2/users/${encodeURIComponent(USER_ID)}/identities`, {
      provider: 'auth0',
      user_id: 'ann',
    })
    expect(linked.status).toBe(201)
    expect(await logIn('ann', password)).toEqual({ status: 200, subject: USER_ID })
    expect((await ask('GET', `/api/v2/users/${encodeURIComponent(USER_ID)}`)).body).toMatchObject({ logins_count: 1 })
  })

  it('get in with a new password of that user, once it is set by naming his connection', async () => {
    const { ask, logIn } = await asking({
      ...GIVEN,
      users: [{ user_id: 'ann', email: 'ann@example.org', username: 'ann' }],
    })
    await ask('POST', USERS, ANN, AS_SCIM)
    const path = `/api/v2/users/${encodeURIComponent(USER_ID)}`
    await ask('POST', `${path}/identities`, { provider: 'auth0', user_id: 'ann' })
    const password = 'Another-horse-9'
    expect((await ask('PATCH', path, { password, connection: '{connection name}' })).status).toBe(200)
    expect((await ask('PATCH', path, { username: 'anna', connection: '{connection name}' })).body).toMatchObject({
      identities: [{ provider: 'oidc' }, { profileData: { username: 'anna', email: 'ann@example.org' } }],
    })
    expect(await logIn('anna', password)).toEqual({ status: 200, subject: USER_ID })
    expect((await logIn('ann', password)).status).toBe(403)
  })

  it('are found by a filter, read by id, and gone once deleted', async () => {
    const { ask } = await asking(GIVEN)
    await ask('POST', USERS, ANN, AS_SCIM)
    const found = async (filter: string): Promise<unknown> =>
      (await ask('GET', `${USERS}?filter=${encodeURIComponent(filter)}`, undefined, AS_SCIM)).body
    expect(await found('userName eq "ann" and externalId eq "ann-at-idp"')).toMatchObject({ totalResults: 1 })
    expect(await found('userName eq "bea" or userName eq "cat"')).toMatchObject({ totalResults: 0, Resources: [] })
    const one = `${USERS}/${encodeURIComponent(USER_ID)}`
    expect((await ask('GET', one, undefined, AS_SCIM)).body).toMatchObject({ userName: 'ann' })
    expect((await ask('DELETE', one, undefined, AS_SCIM)).status).toBe(204)
    expect((await ask('GET', one, undefined, AS_SCIM)).status).toBe(404)
  })

  it('are refused in the words of SCIM', async () => {
    const { ask } = await asking(GIVEN)
    await ask('POST', USERS, ANN, AS_SCIM)
    expect((await ask('POST', USERS, ANN, AS_SCIM)).body).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '409',
      scimType: 'uniqueness',
      detail: 'User already exists.',
    })
  })
})

describe('a token of SCIM', () => {
  const TOKENS = '/api/v2/connections/{enterprise}/scim-configuration/tokens'

  it('is told once, and lets in until its time is over', async () => {
    const { ask, standIn, enterprise, wait } = await asking(GIVEN)
    const { body } = await ask('POST', TOKENS, { scopes: ['get:users'], token_lifetime: 900 })
    const token = body instanceof Object && 'token' in body ? String(body.token) : ''
    const asked = async (): Promise<number> => {
      const url = `${standIn.url}/scim/v2/connections/${enterprise?.id}/Users`
      return (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status
    }
    expect(JSON.stringify((await ask('GET', TOKENS)).body)).not.toContain(token)
    expect(await asked()).toBe(200)
    await wait(901_000)
    expect(await asked()).toBe(401)
  })
})
