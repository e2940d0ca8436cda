import { hash } from 'bcryptjs'
import { describe, expect, it } from 'vitest'
import { asking } from '../../support/auth0/asking.ts'

const PASSWORD = 'Correct-horse-9'

/** A row with a hash as Synapse makes it: of the password and the pepper. */
const imported = async (pepper: string) => ({
  user_id: 'ann',
  email: 'ann@example.org',
  username: 'ann',
  custom_password_hash: {
    algorithm: 'bcrypt',
    hash: { value: await hash(PASSWORD + pepper, 4), encoding: 'utf8' },
    salt: { value: pepper, encoding: 'utf8', position: 'suffix' },
  },
})

describe('logins at the stand-in', () => {
  it('take the place of an imported hash and its pepper, once', async () => {
    const { logIn, standIn } = await asking({ users: [await imported('pepper')] })
    const stored = (): unknown => standIn.tenant.users.byId('auth0|ann')?.password
    expect(stored()).toMatchObject({ kind: 'imported' })
    expect(await logIn('ann', PASSWORD)).toEqual({ status: 200, subject: 'auth0|ann' })
    const own = stored()
    expect(own).toMatchObject({ kind: 'own' })
    expect(JSON.stringify(own)).not.toContain('pepper')
    expect((await logIn('ann@example.org', PASSWORD)).status).toBe(200)
    expect(stored()).toBe(own)
  })

  it('leave an imported hash as it is when the password is wrong, and say so in the log', async () => {
    const { ask, logIn, standIn } = await asking({ users: [await imported('pepper')] })
    expect((await logIn('ann', `${PASSWORD}pepper`)).status).toBe(403)
    expect(standIn.tenant.users.byId('auth0|ann')?.password).toMatchObject({ kind: 'imported' })
    expect(standIn.tenant.log.at(-1)).toMatchObject({
      type: 'fp',
      userId: 'auth0|ann',
      description: 'Verification failed for the provided custom_password_hash',
    })
    expect((await ask('GET', '/api/v2/users/auth0%7Cann')).body).not.toHaveProperty('logins_count')
  })

  it('are counted, those of the blocked too', async () => {
    const { ask, logIn, standIn } = await asking({ users: [await imported('')] })
    await logIn('ann', PASSWORD)
    await ask('PATCH', '/api/v2/users/auth0%7Cann', { blocked: true })
    expect((await logIn('ann', PASSWORD)).status).toBe(403)
    expect((await ask('GET', '/api/v2/users/auth0%7Cann')).body).toMatchObject({ logins_count: 2, blocked: true })
    expect(standIn.tenant.log.at(-1)).toMatchObject({ type: 'f', description: 'user is blocked' })
  })

  it('begin to count wrong passwords anew after a right one', async () => {
    const { logIn } = await asking({ users: [await imported('pepper')] })
    for (let count = 0; count < 9; count += 1) await logIn('ann', 'wrong')
    expect((await logIn('ann', PASSWORD)).status).toBe(200)
    for (let count = 0; count < 9; count += 1) await logIn('ann', 'wrong')
    expect((await logIn('ann', PASSWORD)).status).toBe(200)
  })
})

describe('tokens of the Management API', () => {
  const tokenFor = async (url: string, body: Readonly<Record<string, unknown>>): Promise<Response> =>
    fetch(`${url}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'client_credentials', audience: `${url}/api/v2/`, ...body }),
    })

  it('may do what the application may, or less where less is asked for', async () => {
    const { standIn } = await asking()
    const credentials = { client_id: standIn.client.id, client_secret: standIn.client.secret }
    expect(await (await tokenFor(standIn.url, credentials)).json()).toMatchObject({
      scope: standIn.client.scopes.join(' '),
      expires_in: 86_400,
      token_type: 'Bearer',
    })
    const narrow: unknown = await (
      await tokenFor(standIn.url, { ...credentials, scope: 'read:users read:everything' })
    ).json()
    expect(narrow).toMatchObject({ scope: 'read:users' })
  })
})
