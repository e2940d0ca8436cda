import { onTestFinished } from 'vitest'
import { readToken } from '../../../src/rehearsal/standins/auth0/access-token.ts'
import { isObject } from '../../../src/rehearsal/standins/auth0/json.ts'
import type { ApiRequest, Given } from '../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { ask, type Remembered, type Reply } from './ask-tenant.ts'
import { type GivenTenant, givenTenant } from './given-tenant.ts'

/** A tenant to ask, and who may ask it. Paths and bodies name what is there as those of a rule's trial do. */
export interface Asking extends GivenTenant {
  ask(
    method: ApiRequest['method'],
    path: string,
    json?: unknown,
    others?: Pick<ApiRequest, 'as' | 'scopes'>,
  ): Promise<Reply>
  /** Logs in with a password. `subject`: whom the token is for. */
  logIn(username: string, password: string): Promise<{ readonly status: number; readonly subject?: string }>
}

/** The tenant is closed when the test ends. */
export const asking = async (given: Given = {}): Promise<Asking> => {
  const tenant = await givenTenant(given)
  onTestFinished(() => tenant.standIn.close())
  const remembered: Remembered = {}
  const logIn: Asking['logIn'] = async (username, password) => {
    const form = {
      grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
      realm: '{connection name}',
      client_id: '{client}',
      client_secret: '{secret}',
      username,
      password,
    }
    const { status, body } = await ask(tenant, { method: 'POST', path: '/oauth/token', form, as: 'nobody' }, remembered)
    const subject = isObject(body) ? readToken(String(body['access_token']))?.sub : undefined
    return { status, ...(subject === undefined ? {} : { subject }) }
  }
  return {
    ...tenant,
    logIn,
    ask: (method, path, json, others = {}) =>
      ask(tenant, { method, path, ...(json === undefined ? {} : { json }), ...others }, remembered),
  }
}
