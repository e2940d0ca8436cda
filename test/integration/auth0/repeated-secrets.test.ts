import { inspect } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { importRow } from '../../../src/rehearsal/standins/auth0/import-row.ts'
import { importIdOf, userIdOf } from '../../../src/targets/auth0/accounts/user-id.ts'
import { openManagementApi } from '../../../src/targets/auth0/api/management-api.ts'
import { openCanaryLogins } from '../../../src/targets/auth0/login/canary-logins.ts'
import { type Repeating, repeatingTenant } from '../../support/auth0/repeating-tenant.ts'
import { tenantAndApi } from '../../support/auth0/tenant-and-api.ts'

const { signal } = new AbortController()

const ANN = '@ann:demo.example'

/** Of letters and signs that Auth0's own words are made of too. */
const SECRETS = { client: 'client-secret-55aa', application: 'application-secret-66bb', password: 'Correct-horse-9' }

const whole = (error: unknown): string => inspect(error, { depth: null, showHidden: true })

const refusalOfTheClient = async (refusal: Repeating): Promise<unknown> => {
  const url = await repeatingTenant(refusal)
  const { config, clock } = await tenantAndApi({ client: { id: 'the-client', secret: SECRETS.client } })
  const api = openManagementApi({ ...config, url }, { clock })
  onTestFinished(() => api.close())
  return api.scopes(signal).catch((error: unknown) => error)
}

/** What is told of Ann, who has been moved, where she tries her password: a refusal, or an error. */
const refusalOfAnn = async (refusal: Repeating): Promise<unknown> => {
  const url = await repeatingTenant(refusal)
  const { api, config, standIn } = await tenantAndApi()
  const { tenant, connection } = standIn
  const row = { user_id: importIdOf(userIdOf(connection.name, ANN)), username: 'ann', email: 'ann@demo.example' }
  expect(importRow(tenant, connection, row, { upsert: false })).toMatchObject({ kind: 'inserted' })
  const application = { id: 'the-application', secret: SECRETS.application }
  const logins = openCanaryLogins(api, { ...config, url, application })
  onTestFinished(() => logins.close())
  return logins.login({ mxid: ANN, password: SECRETS.password }, { signal }).catch((error: unknown) => error)
}

const inWords =
  (error: string): Repeating =>
  (sent) => ({ error, error_description: `You sent ${sent}` })

const asCode: Repeating = (sent) => ({ error: sent })

describe('a tenant that repeats what it was sent', () => {
  it('has no secret of the client told where it gives no token', async () => {
    const failed = await refusalOfTheClient(inWords('access_denied'))
    expect(failed).toMatchObject({
      code: 'target.not-allowed',
      message: expect.stringContaining('gives the client the-client no token (403 access_denied)'),
    })
    expect(whole(failed)).not.toContain(SECRETS.client)
    expect(whole(await refusalOfTheClient(asCode))).not.toContain(SECRETS.client)
  })

  it.each([
    ['refuses the password', inWords('invalid_grant')],
    ['refuses the application', inWords('invalid_client')],
    ['names no reason that is known', asCode],
  ])('has neither password nor secret of a login told where it %s', async (_, refusal) => {
    const told = whole(await refusalOfAnn(refusal))
    // Of what was sent, what is no secret.
    expect(told).toContain('openid')
    expect(told).not.toContain(SECRETS.password)
    expect(told).not.toContain(SECRETS.application)
  })
})
