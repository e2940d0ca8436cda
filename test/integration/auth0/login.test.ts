import { hashSync } from 'bcryptjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { importRow } from '../../../src/rehearsal/standins/auth0/import-row.ts'
import { importIdOf, userIdOf } from '../../../src/targets/auth0/accounts/user-id.ts'
import { type CanaryLogins, openCanaryLogins } from '../../../src/targets/auth0/login/canary-logins.ts'
import { type TenantAndApi, tenantAndApi } from '../../support/auth0/tenant-and-api.ts'

const stop = { signal: new AbortController().signal }

const ANN = '@ann:demo.example'
const PASSWORD = 'Correct-horse-9'
const COST = 4

/** Ann, as an import has made her. */
const withAnn = async (
  others: Readonly<Record<string, unknown>> = {},
): Promise<TenantAndApi & { readonly logins: CanaryLogins }> => {
  const target = await tenantAndApi()
  const { tenant, connection } = target.standIn
  const row = {
    user_id: importIdOf(userIdOf(connection.name, ANN)),
    username: 'ann',
    email: 'ann@demo.example',
    custom_password_hash: { algorithm: 'bcrypt', hash: { value: hashSync(PASSWORD, COST), encoding: 'utf8' } },
    ...others,
  }
  expect(importRow(tenant, connection, row, { upsert: false })).toMatchObject({ kind: 'inserted' })
  const logins = openCanaryLogins(target.api, target.config)
  onTestFinished(() => logins.close())
  return { ...target, logins }
}

const grantTypes = ({ standIn: { tenant, client } }: TenantAndApi, allowed: readonly string[]): void =>
  void tenant.clients.set(client.id, { ...client, grantTypes: allowed })

describe('a canary at Auth0', () => {
  it('logs in with the password that it had at Synapse, and again with what Auth0 makes of it', async () => {
    const { logins, standIn } = await withAnn()
    expect(await logins.login({ mxid: ANN, password: PASSWORD }, stop)).toEqual({ mxid: ANN, loggedIn: true })
    expect(standIn.tenant.users.byUsername('people', 'ann')?.password?.kind).toBe('own')
    expect(await logins.login({ mxid: ANN, password: PASSWORD }, stop)).toEqual({ mxid: ANN, loggedIn: true })
  })

  it('is told why it may be refused: a wrong password, or a pepper that Auth0 does not know', async () => {
    const { logins } = await withAnn()
    expect(await logins.login({ mxid: ANN, password: 'wrong' }, stop)).toEqual({
      mxid: ANN,
      loggedIn: false,
      message: 'Wrong email or password: the password is wrong, or was hashed with a pepper that Auth0 was not told',
    })
    await logins.login({ mxid: ANN, password: PASSWORD }, stop)
    expect((await logins.login({ mxid: ANN, password: 'wrong' }, stop)).message).toContain('has hashed it anew')
  })

  it('is told that the user is blocked', async () => {
    const { logins } = await withAnn({ blocked: true })
    expect(await logins.login({ mxid: ANN, password: PASSWORD }, stop)).toEqual({
      mxid: ANN,
      loggedIn: false,
      message: 'user is blocked: the user is blocked, as who is deactivated or locked in Synapse',
    })
  })

  it('is told that nobody was made of it', async () => {
    const { logins } = await withAnn()
    expect(await logins.login({ mxid: '@bea:demo.example', password: PASSWORD }, stop)).toMatchObject({
      loggedIn: false,
      message: 'Auth0 has no user whom syn2op made of it',
    })
  })

  it('says what to switch on where the application may not let people in by a password', async () => {
    const target = await withAnn()
    grantTypes(target, ['client_credentials'])
    await expect(target.logins.login({ mxid: ANN, password: PASSWORD }, stop)).rejects.toMatchObject({
      code: 'target.not-allowed',
      next: [expect.stringContaining('Grant Types, switch on Password')],
    })
  })

  it('says that the connection is not enabled for the application', async () => {
    const { logins, standIn } = await withAnn()
    standIn.connection.enabledClients.clear()
    await expect(logins.login({ mxid: ANN, password: PASSWORD }, stop)).rejects.toMatchObject({
      code: 'target.not-allowed',
      next: [expect.stringContaining('the connection people is enabled for this application')],
    })
  })

  it('says how an application is named where none is', async () => {
    const { api, config } = await withAnn()
    const { application: _, ...rest } = config
    const logins = openCanaryLogins(api, rest)
    onTestFinished(() => logins.close())
    await expect(logins.login({ mxid: ANN, password: PASSWORD }, stop)).rejects.toMatchObject({
      code: 'config.invalid',
      next: expect.arrayContaining(['application: { id: …, secret_file: … }']),
    })
  })

  it('repeats no password that Auth0 would repeat', async () => {
    const { logins, standIn } = await withAnn()
    const { client } = standIn
    standIn.tenant.clients.set(client.id, { ...client, secret: 'another' })
    const failed: unknown = await logins.login({ mxid: ANN, password: PASSWORD }, stop).catch((error: unknown) => error)
    expect(String(failed)).not.toContain(PASSWORD)
    expect(String(failed)).not.toContain(client.secret)
    expect(failed).toMatchObject({ code: 'target.not-allowed' })
  })
})
