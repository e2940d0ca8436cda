import { describe, expect, it } from 'vitest'
import { asking } from '../../support/auth0/asking.ts'

const PASSWORD = 'Correct-horse-9'
const ANN = { user_id: 'ann', email: 'ann@example.org', username: 'ann', password: 'Anns-own-horse-9' }
const BEA = {
  user_id: 'bea',
  email: 'bea@example.org',
  username: 'bea',
  password: PASSWORD,
  app_metadata: { of: 'bea' },
}
const GIVEN = { users: [ANN, BEA] }
const ANN_PATH = '/api/v2/users/auth0%7Cann'
const LINK = { provider: 'auth0', user_id: 'bea' }

describe('linked users of the stand-in', () => {
  it('are one profile, with what the second said beside her identity', async () => {
    const { ask } = await asking(GIVEN)
    const linked = await ask('POST', `${ANN_PATH}/identities`, LINK)
    expect(linked.body).toEqual([
      { connection: 'people', provider: 'auth0', user_id: 'ann', isSocial: false },
      expect.objectContaining({ user_id: 'bea', profileData: expect.objectContaining({ email: 'bea@example.org' }) }),
    ])
    expect((await ask('GET', ANN_PATH)).body).toMatchObject({ email: 'ann@example.org', identities: linked.body })
  })

  it('are a conflict for whoever links them again, and names the connection of the second', async () => {
    const { ask } = await asking({ ...GIVEN, enterprise: { strategy: 'oidc', scim: true } })
    const made = { schemas: [], userName: 'ann', externalId: '4711', active: true }
    await ask('POST', '/scim/v2/connections/{enterprise}/Users', made, { as: 'SCIM' })
    const link = () =>
      ask('POST', '/api/v2/users/oidc%7C{enterprise name}%7C4711/identities', {
        ...LINK,
        connection_id: '{connection}',
      })
    expect((await link()).status).toBe(201)
    expect((await link()).status).toBe(409)
  })

  it('get in as the first with the password of either', async () => {
    const { ask, logIn } = await asking(GIVEN)
    await ask('POST', `${ANN_PATH}/identities`, LINK)
    expect(await logIn('bea', PASSWORD)).toEqual({ status: 200, subject: 'auth0|ann' })
    expect(await logIn('ann', 'Anns-own-horse-9')).toEqual({ status: 200, subject: 'auth0|ann' })
    expect((await logIn('ann', PASSWORD)).status).toBe(403)
  })

  it('keep the name of the second taken', async () => {
    const { ask } = await asking(GIVEN)
    await ask('POST', `${ANN_PATH}/identities`, LINK)
    const again = { connection: '{connection name}', password: PASSWORD }
    const byName = { ...again, username: 'bea', email: 'other@example.org' }
    const byId = { ...again, username: 'other', email: 'other@example.org', user_id: 'bea' }
    expect((await ask('POST', '/api/v2/users', byName)).status).toBe(409)
    expect((await ask('POST', '/api/v2/users', byId)).status).toBe(409)
  })

  it('are two again once they are unlinked, the second with her password and without her metadata', async () => {
    const { ask, logIn } = await asking(GIVEN)
    await ask('POST', `${ANN_PATH}/identities`, LINK)
    expect((await ask('DELETE', `${ANN_PATH}/identities/auth0/bea`)).body).toHaveLength(1)
    const { body } = await ask('GET', '/api/v2/users/auth0%7Cbea')
    expect(body).toMatchObject({ email: 'bea@example.org', username: 'bea' })
    expect(body).not.toHaveProperty('app_metadata')
    expect(await logIn('bea', PASSWORD)).toEqual({ status: 200, subject: 'auth0|bea' })
  })

  it('leave nobody behind when they are deleted: the second can be created anew', async () => {
    const { ask, logIn } = await asking(GIVEN)
    await ask('POST', `${ANN_PATH}/identities`, LINK)
    await ask('DELETE', ANN_PATH)
    expect((await logIn('bea', PASSWORD)).status).toBe(403)
    expect((await ask('POST', '/api/v2/users', { ...BEA, connection: '{connection name}' })).status).toBe(201)
  })
})
