import { describe, expect, it } from 'vitest'
import { asking } from '../../support/auth0/asking.ts'

const PASSWORD = 'Correct-horse-9'
const ANN = { user_id: 'ann', email: 'Ann@Example.org', username: 'Ann', password: PASSWORD }
const NEW_ANN = { ...ANN, connection: '{connection name}' }
const ANN_PATH = '/api/v2/users/auth0%7Cann'

describe('users of the stand-in', () => {
  it('have their address in lower case, and are found by it in lower case only', async () => {
    const { ask } = await asking()
    await ask('POST', '/api/v2/users', NEW_ANN)
    const found = await ask('GET', '/api/v2/users-by-email?email=ann%40example.org&fields=user_id,email')
    expect(found.body).toEqual([{ user_id: 'auth0|ann', email: 'ann@example.org' }])
    expect((await ask('GET', '/api/v2/users-by-email?email=Ann%40Example.org')).body).toEqual([])
  })

  it('are not changed by a null in place of true or false, or of metadata, which takes nothing away', async () => {
    const { ask } = await asking({ users: [{ ...ANN, blocked: true, app_metadata: { plan: 'gold' } }] })
    for (const field of [
      'blocked',
      'email_verified',
      'phone_verified',
      'verify_email',
      'app_metadata',
      'user_metadata',
    ])
      expect(await ask('PATCH', ANN_PATH, { [field]: null })).toMatchObject({
        status: 400,
        body: { errorCode: 'invalid_body' },
      })
    expect((await ask('GET', ANN_PATH)).body).toMatchObject({ blocked: true, app_metadata: { plan: 'gold' } })
  })

  it('are seen at once by id, and by a search some seconds later', async () => {
    const { ask, wait } = await asking()
    await ask('POST', '/api/v2/users', NEW_ANN)
    expect((await ask('GET', ANN_PATH)).status).toBe(200)
    expect((await ask('GET', '/api/v2/users?q=username%3Aann')).body).toEqual([])
    await wait(10_000)
    expect((await ask('GET', '/api/v2/users?q=username%3Aann&fields=user_id')).body).toEqual([{ user_id: 'auth0|ann' }])
  })

  it('are seen by a search as they were before, until it catches up', async () => {
    const { ask, wait } = await asking({ users: [ANN] })
    await ask('PATCH', ANN_PATH, { given_name: 'Anna' })
    await ask('PATCH', ANN_PATH, { app_metadata: { plan: { name: 'gold' } } })
    const search = '/api/v2/users?q=app_metadata.plan.name%3A%22gold%22&include_totals=true&fields=given_name'
    expect((await ask('GET', search)).body).toMatchObject({ total: 0 })
    await wait(10_000)
    expect((await ask('GET', search)).body).toMatchObject({ total: 1, users: [{ given_name: 'Anna' }] })
  })

  it('are searched by wildcards, by what exists and by either of two terms, and not by what Auth0 has more', async () => {
    const { ask } = await asking({ users: [ANN, { user_id: 'bea', email: 'bea@example.org', username: 'bea' }] })
    const found = async (query: string): Promise<unknown> =>
      (await ask('GET', `/api/v2/users?sort=username%3A-1&fields=username&q=${encodeURIComponent(query)}`)).body
    expect(await found('email:*@EXAMPLE.org AND NOT username:ann')).toEqual([{ username: 'bea' }])
    expect(await found('username:"ann" OR username:"bea"')).toEqual([{ username: 'bea' }, { username: 'ann' }])
    expect(await found('_exists_:user_metadata.colour')).toEqual([])
    expect(await found('logins_count:[1 TO 5]')).toMatchObject({ statusCode: 400 })
  })

  it('lose what is set to null, and with it their name', async () => {
    const { ask, standIn } = await asking({ users: [{ ...ANN, given_name: 'Ann' }] })
    expect((await ask('PATCH', ANN_PATH, { given_name: null, username: null })).status).toBe(200)
    const { body } = await ask('GET', ANN_PATH)
    expect(body).not.toHaveProperty('given_name')
    expect(standIn.tenant.users.byUsername('people', 'ann')).toBeUndefined()
  })

  it('have an unverified address once it is changed, unless the request says otherwise', async () => {
    const { ask } = await asking({ users: [{ ...ANN, email_verified: true }] })
    await ask('PATCH', ANN_PATH, { email: 'anna@example.org' })
    expect((await ask('GET', ANN_PATH)).body).toMatchObject({ email: 'anna@example.org', email_verified: false })
    await ask('PATCH', ANN_PATH, { email: 'ann@example.org', email_verified: true })
    expect((await ask('GET', ANN_PATH)).body).toMatchObject({ email: 'ann@example.org', email_verified: true })
  })

  it('get in with a new password, which takes an administrator’s block away', async () => {
    const { ask, logIn } = await asking({ users: [{ ...ANN, blocked: true }] })
    expect((await logIn('ann', PASSWORD)).status).toBe(403)
    await ask('PATCH', ANN_PATH, { password: 'Another-horse-9' })
    expect(await logIn('ann', 'Another-horse-9')).toEqual({ status: 200, subject: 'auth0|ann' })
    expect((await logIn('ann', PASSWORD)).status).toBe(403)
  })
})
