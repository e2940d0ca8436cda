import { describe, expect, it } from 'vitest'
import { asking } from '../../support/auth0/asking.ts'

const PASSWORD = 'Correct-horse-9'
const ANN = { user_id: 'ann', email: 'ann@example.org', username: 'ann', password: PASSWORD }
const PATH = '/api/v2/connections/{connection}'

describe('connections of the stand-in', () => {
  it('have only the options that were sent last', async () => {
    const { ask } = await asking({ connection: { options: { passwordPolicy: 'good' } } })
    await ask('PATCH', PATH, { options: { requires_username: true } })
    expect((await ask('GET', PATH)).body).toMatchObject({ name: 'people', strategy: 'auth0' })
    expect((await ask('GET', PATH)).body).toHaveProperty('options', { requires_username: true })
    expect((await ask('GET', '/api/v2/connections?name=people')).body).toHaveLength(1)
    expect((await ask('GET', '/api/v2/connections?strategy=oidc')).body).toEqual([])
  })

  it('let nobody in through an application for which they are switched off, until they are switched on', async () => {
    const { ask, logIn } = await asking({ users: [ANN] })
    await ask('PATCH', `${PATH}/clients`, [{ client_id: '{client}', status: false }])
    expect((await logIn('ann', PASSWORD)).status).toBe(400)
    await ask('PATCH', `${PATH}/clients`, [{ client_id: '{client}', status: true }])
    expect((await logIn('ann', PASSWORD)).status).toBe(200)
  })

  it('take their users with them when they are deleted, and those of others stay', async () => {
    const { ask } = await asking({ users: [ANN] })
    const options = { requires_username: true }
    const created = await ask('POST', '/api/v2/connections', { name: 'others', strategy: 'auth0', options })
    expect(created.status).toBe(201)
    const other = {
      connection: 'others',
      user_id: 'bea',
      email: 'ann@example.org',
      username: 'ann',
      password: PASSWORD,
    }
    expect((await ask('POST', '/api/v2/users', other)).status).toBe(201)
    expect((await ask('DELETE', PATH)).status).toBe(202)
    expect((await ask('DELETE', PATH)).status).toBe(204)
    expect((await ask('GET', '/api/v2/users/auth0%7Cann')).status).toBe(404)
    expect((await ask('GET', '/api/v2/users/auth0%7Cbea')).status).toBe(200)
  })
})
