import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { stringify } from 'yaml'
import { auth0End } from '../../../src/rehearsal/ends/auth0/auth0-end.ts'
import { demoSource } from '../../../src/rehearsal/sources/demo.ts'
import type { ProofResult } from '../../../src/report/proof-parts.ts'
import { loadAuth0Config } from '../../../src/targets/auth0/config/load-auth0-config.ts'
import { testPostgres } from '../../support/postgres.ts'
import { movingPeople } from '../../support/rehearsal/move-people.ts'
import { throwAwayContext } from '../../support/rehearsal/throw-away-context.ts'

const demo = async (name: string, damage: 'all' | 'none') => {
  const context = await throwAwayContext()
  const source = await demoSource({
    accounts: 200,
    damage,
    createDatabase: (database) => testPostgres().createDatabase(`${name}_${database}`, { encoding: 'UTF8' }),
    folder: context.lease.folder,
    signal: context.signal,
  })
  return { context, source }
}

const outcomes = (counted: readonly { readonly outcome: string; readonly count: number }[]): Record<string, number> =>
  Object.fromEntries(counted.map(({ outcome, count }) => [outcome, count]))

const workedFor = (results: readonly ProofResult[] = []): Record<string, boolean> =>
  Object.fromEntries(results.map(({ mxid, worked }) => [mxid, worked]))

describe('a tenant of Auth0 that is thrown away', () => {
  it('takes people, lets in who has a password, and gives everybody back who did not log in', async () => {
    const { context, source } = await demo('auth0_end', 'none')
    const { homeserver, secrets } = source
    const target = await auth0End({ homeserver, context })
    onTestFinished(() => target.stop())
    const moving = movingPeople(source, target, context.lease.folder)

    const { findings } = await moving.check()
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(findings.map(({ code }) => code)).not.toContain('AUTH0_PROVIDER_NOT_NAMED')
    const planned = await moving.plan()
    const run = await moving.migrate()
    expect(run.outcomes).toEqual(planned.outcomes)
    const { created = 0 } = outcomes(run.outcomes ?? [])
    expect(created).toBeGreaterThan(150)

    const { proofs } = await moving.verify({ ...secrets, tokens: [] })
    expect(workedFor(proofs?.results)).toEqual({
      '@alice:demo.example': true,
      '@bob:demo.example': true,
      '@erin:demo.example': true,
      '@lena:demo.example': true,
      // Synapse normalises its letters, and Auth0 does not say that it does.
      '@ulf:demo.example': false,
    })
    const rolledBack = await moving.rollback(run)
    expect(outcomes(rolledBack.outcomes ?? [])).toEqual({ removed: created - 4, unchanged: 4 })
  })

  it('waits for its limits in its own time, which nobody else waits for', async () => {
    const { context, source } = await demo('auth0_end_time', 'none')
    const target = await auth0End({ homeserver: source.homeserver, plan: 'essentials', context })
    onTestFinished(() => target.stop())
    const { clock = performance } = target
    const moving = movingPeople(source, target, context.lease.folder)
    const run = await moving.migrate()
    const began = [clock.now(), performance.now()] as const
    await moving.rollback(run)
    const [its, ours] = [clock.now() - began[0], performance.now() - began[1]]
    // 80 % of 200 deletions a minute.
    expect(its).toBeGreaterThan(60_000)
    expect(ours).toBeLessThan(its)
  })

  it('is made by the auth0.yaml of the administrator, whose secrets nobody needs to have', async () => {
    const { context, source } = await demo('auth0_end_given', 'all')
    const file = join(context.lease.folder, 'own.yaml')
    const own = {
      url: 'https://company.eu.auth0.com',
      client: { id: 'theirs', secret_file: '/nowhere/secret' },
      connection: 'people',
      plan: 'enterprise',
      pepper: 'disclose',
      usernames: { unfit: 'refuse' },
      email: { without: 'refuse' },
      identity_providers: {
        'oidc-keycloak': { connection: 'company', strategy: 'oidc', link: 'scim' },
        'oidc-github': { connection: 'github', strategy: 'github', link: 'leave' },
      },
    }
    await writeFile(file, stringify(own), { mode: 0o600 })
    const target = await auth0End({ homeserver: source.homeserver, targetConfig: [file], context })
    onTestFinished(() => target.stop())

    const config = await loadAuth0Config([target.configFile])
    expect(config).toMatchObject({
      connection: 'people',
      plan: 'enterprise',
      usernames: { unfit: 'refuse' },
      email: { without: 'refuse' },
    })
    expect(config.url).toMatch(/^http:\/\/127\.0\.0\.1:/u)
    expect(config.providers.map(({ authProvider, link }) => [authProvider, link])).toEqual([
      ['oidc-keycloak', 'scim'],
      ['oidc-github', 'leave'],
    ])
    expect((await stat(target.configFile)).mode & 0o777).toBe(0o600)

    const run = await movingPeople(source, target, context.lease.folder).migrate()
    const { created = 0, rejected = 0 } = outcomes(run.outcomes ?? [])
    expect(created).toBeGreaterThan(50)
    // Who has no e-mail address.
    expect(rejected).toBeGreaterThan(0)
  })

  it('says that no tenant was asked', async () => {
    const { context, source } = await demo('auth0_end_told', 'none')
    const target = await auth0End({ homeserver: source.homeserver, context })
    onTestFinished(() => target.stop())
    expect([...target.services, ...context.notes].filter((text) => text.includes('stand-in'))).toHaveLength(2)
    expect(target.unproved.map(({ what }) => what)).toEqual(['tokens', 'sso'])
    expect(target.unproved.at(-1)?.why).toContain('no tenant was asked')
  })

  it('is gone once it is stopped, also when it is stopped twice', async () => {
    const { context, source } = await demo('auth0_end_stopped', 'none')
    const target = await auth0End({ homeserver: source.homeserver, context })
    const { url } = await loadAuth0Config([target.configFile])
    expect((await fetch(`${url}/nowhere`)).status).toBe(404)
    await target.stop()
    await target.stop()
    await expect(fetch(`${url}/nowhere`)).rejects.toThrow()
  })
})
