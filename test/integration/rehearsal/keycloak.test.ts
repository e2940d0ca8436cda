import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { stringify } from 'yaml'
import { DEMO_PROVIDERS } from '../../../src/rehearsal/demo/constants.ts'
import { keycloakEnd } from '../../../src/rehearsal/ends/keycloak/keycloak-end.ts'
import { comparePlans } from '../../../src/rehearsal/same-plan.ts'
import { imagesOf } from '../../../src/rehearsal/services/containers/images.ts'
import type { KeycloakService } from '../../../src/rehearsal/services/keycloak/keycloak-service.ts'
import { type KeycloakWays, keycloakWays } from '../../../src/rehearsal/services/keycloak/keycloak-ways.ts'
import { removeRealm } from '../../../src/rehearsal/services/keycloak/remove-realm.ts'
import type { Way } from '../../../src/rehearsal/services/way.ts'
import { demoSource } from '../../../src/rehearsal/sources/demo.ts'
import type { ProofResult } from '../../../src/report/proof-parts.ts'
import { loadKeycloakConfig } from '../../../src/targets/keycloak/config/load-keycloak-config.ts'
import { admin } from '../../support/keycloak/admin.ts'
import { distribution, whyNoKeycloak } from '../../support/keycloak/distribution.ts'
import { newRealm } from '../../support/keycloak/realm.ts'
import { sharedKeycloak } from '../../support/keycloak/shared-server.ts'
import { testPostgres } from '../../support/postgres.ts'
import { movingPeople } from '../../support/rehearsal/move-people.ts'
import { throwAwayContext } from '../../support/rehearsal/throw-away-context.ts'

const without = await whyNoKeycloak()

const REALM = 'syn2op-rehearsal-test-0000'

const demo = async (name: string) => {
  const context = await throwAwayContext()
  const createDatabase = (database: string) =>
    testPostgres().createDatabase(`${name}_${database}`, { encoding: 'UTF8' })
  const { folder } = context.lease
  const source = await demoSource({ accounts: 60, damage: 'all', createDatabase, folder, signal: context.signal })
  return { context, source, createDatabase }
}

const ways = (options: Partial<KeycloakWays>): readonly Way<KeycloakService>[] =>
  keycloakWays({ images: imagesOf({ given: [], pull: 'never' }), postgres: testPostgres(), ...options })

const wayOf = (options: Partial<KeycloakWays>, backend: string): Way<KeycloakService> => {
  const way = ways(options).find((one) => one.backend === backend)
  if (way === undefined) throw new Error(`There is no way ${backend}`)
  return way
}

const workedFor = (results: readonly ProofResult[] = []): Record<string, boolean> =>
  Object.fromEntries(results.map(({ mxid, worked }) => [mxid, worked]))

const differing = (tables: readonly { missing: number; extra: number; differing: number; unopened?: number }[]) =>
  tables.reduce((sum, one) => sum + one.missing + one.extra + one.differing + (one.unopened ?? 0), 0)

describe.skipIf(without !== undefined)('a realm for a rehearsal at a Keycloak that is given', () => {
  it('is made by the keycloak.yaml of the administrator, ready to be filled, and deleted', async () => {
    const server = await sharedKeycloak()
    const { context, source } = await demo('keycloak_end_given')
    const own = join(context.lease.folder, 'own.yaml')
    const theirs = {
      url: 'https://id.example.org',
      public_url: 'https://people.example.org',
      realm: 'people',
      client: { id: 'theirs', secret_file: '/nowhere/secret', realm: 'master' },
      identity_providers: { 'oidc-keycloak': 'company', 'oidc-github': 'hub' },
      roles: ['chatter'],
      groups: ['/staff/matrix', '/staff/guests'],
      admins: { roles: ['boss'], groups: ['/staff'] },
      required_actions: ['UPDATE_PASSWORD'],
      attributes: { emails: 'further' },
      database: { uri_file: '/nowhere/uri' },
    }
    await writeFile(own, stringify(theirs), { mode: 0o600 })
    const way = wayOf({ given: { ...server, url: `${server.url}/` } }, 'given')
    expect(await way.why(context.signal)).toBeUndefined()
    const service = await way.start(context)
    expect(service.what).toMatch(/^Keycloak \d+\.\d+\.\d+ at http:/u)

    const target = await keycloakEnd({ service, homeserver: source.homeserver, targetConfig: [own], context })
    onTestFinished(() => target.stop())
    expect(context.belongings).toEqual([{ kind: 'realm', url: server.url, name: REALM }])
    const realm = admin(server, `realms/${REALM}`)
    expect((await realm.send('GET', '')).body).toMatchObject({ attributes: { syn2op_rehearsal: 'test-0000' } })
    const { files: _, ...config } = await loadKeycloakConfig([target.configFile])
    expect(config).toEqual({
      url: server.url,
      realm: REALM,
      client: { id: 'syn2op', secret: expect.any(String), realm: REALM },
      providers: [
        { authProvider: 'oidc-keycloak', id: 'company' },
        { authProvider: 'oidc-github', id: 'hub' },
      ],
      roles: ['chatter'],
      groups: ['/staff/matrix', '/staff/guests'],
      admins: { roles: ['boss'], groups: ['/staff'] },
      requiredActions: ['UPDATE_PASSWORD'],
      attributes: { emails: 'further', phones: 'phones' },
    })
    expect((await stat(target.configFile)).mode & 0o777).toBe(0o600)
    expect(target.unproved.map(({ what, why }) => `${what}: ${why}`)).toContainEqual(
      expect.stringMatching(/^logins: No password was tried at Keycloak .*: Synapse's pepper and that of .* differ/u),
    )

    const moving = movingPeople(source, target, context.lease.folder)
    const { findings } = await moving.check()
    expect(findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(['KEYCLOAK_PEPPER'])
    expect(await readdir(context.lease.folder)).not.toContain('keycloak-nowhere.yaml')

    await target.stop()
    await target.stop()
    expect((await realm.send('GET', '')).status).toBe(404)
    expect((await admin(server, 'realms/master').send('GET', '')).status).toBe(200)
    expect(context.belongings).toEqual([])
  })

  it('is not made where its administrator cannot sign in', async () => {
    const { url, adminUser } = await sharedKeycloak()
    const given = { url, adminUser, adminPassword: 'not this one' }
    expect(ways({ given }).map(({ backend }) => backend)).toEqual(['given'])
    await expect(wayOf({ given }, 'given').start(await throwAwayContext())).rejects.toMatchObject({
      code: 'target.not-allowed',
      message: `Keycloak: the administrator ${adminUser} cannot sign in at ${url}: Invalid user credentials`,
    })
  })

  it('is never taken for one by its name alone', async () => {
    const server = await sharedKeycloak()
    const other = await newRealm(server)
    onTestFinished(() => other.remove())
    await expect(removeRealm(server, other)).rejects.toThrow('does not say that it is a rehearsal')
    await expect(removeRealm(server, { ...other, url: 'http://127.0.0.1:1' })).rejects.toThrow('nobody named')
    expect((await other.admin.send('GET', '')).status).toBe(200)
    await removeRealm(server, { url: server.url, name: 'syn2op-rehearsal-of-nobody' })
  })
})

describe.skipIf(without !== undefined)('a Keycloak for a rehearsal in a folder of this machine', () => {
  it('takes people, lets them in by their passwords, gives them back, and leaves nothing', async () => {
    // As an administrator's shell may have it.
    vi.stubEnv('KC_DB_URL', 'jdbc:postgresql://127.0.0.1:1/theirs')
    onTestFinished(() => void vi.unstubAllEnvs())
    const home = await distribution()
    const before = await readdir(home, { recursive: true })
    const { context, source, createDatabase } = await demo('keycloak_end_local')
    const { pepper = '' } = source.homeserver
    const way = wayOf({ home, pepper, postgres: { createDatabase }, compiler: 'quick' }, 'local')
    expect(await way.why(context.signal)).toBeUndefined()
    const service = await way.start(context)
    onTestFinished(() => service.stop())
    expect(service.what).toMatch(/^Keycloak \d+\.\d+\.\d+ in \//u)
    expect(context.belongings.map(({ kind }) => kind)).toEqual(['program'])
    expect((await stat(join(context.lease.folder, 'keycloak', 'conf', 'keycloak.conf'))).mode & 0o777).toBe(0o600)

    const target = await keycloakEnd({ service, homeserver: source.homeserver, context })
    expect(target.unproved.map(({ what }) => what)).toEqual(['tokens', 'sso', 'sso'])
    const moving = movingPeople(source, target, context.lease.folder)
    const { findings } = await moving.check()
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    const unnamed = findings.find(({ code }) => code === 'KEYCLOAK_PROVIDER_NOT_NAMED')
    // People of the demo have links to providers that homeserver.yaml does not have; those that it has are all there.
    expect(unnamed?.samples).toContain('oidc-of-the-past')
    for (const { authProvider } of DEMO_PROVIDERS) expect(unnamed?.samples).not.toContain(authProvider)
    const planned = await moving.plan()
    const run = await moving.migrate()
    expect(run.outcomes).toEqual(planned.outcomes)
    const created = run.outcomes?.find(({ outcome }) => outcome === 'created')?.count ?? 0
    expect(created).toBeGreaterThan(40)
    const { tables, proofs } = await moving.verify({ ...source.secrets, tokens: [] })
    expect(differing(tables)).toBe(0)
    expect(workedFor(proofs?.results)).toEqual({
      '@alice:demo.example': true,
      '@bob:demo.example': true,
      '@erin:demo.example': true,
      '@lena:demo.example': true,
      '@ulf:demo.example': true,
    })
    const rolledBack = await moving.rollback(run)
    // Whoever has logged in has a password of Keycloak's own making since, and stays.
    const stayed = source.secrets.canaries.length
    expect(rolledBack.outcomes).toEqual([
      expect.objectContaining({ outcome: 'removed', count: created - stayed }),
      expect.objectContaining({ outcome: 'unchanged', count: stayed }),
    ])
    expect(comparePlans(planned, await moving.plan(), { stayed })).toEqual({ same: true, differences: [] })

    await target.stop()
    await target.stop()
    await expect(fetch(service.url)).rejects.toThrow('fetch failed')
    expect(context.belongings).toEqual([])
    expect(await readdir(context.lease.folder)).not.toContain('keycloak')
    expect(await readdir(home, { recursive: true })).toEqual(before)
  })

  it('tells what its folder lacks', async () => {
    vi.stubEnv('KEYCLOAK_HOME', '')
    onTestFinished(() => void vi.unstubAllEnvs())
    const { lease, signal } = await throwAwayContext()
    const why = (home?: string) => wayOf(home === undefined ? {} : { home }, 'local').why(signal)
    expect(await why()).toBe('no distribution is named: --keycloak-home FOLDER')
    expect(await why('/nowhere')).toBe('/nowhere is not there')
    expect(await why(lease.folder)).toContain('is no distribution of Keycloak: it has no bin/kc.sh')
  })

  it('is given up with its last words where it ends by itself', async () => {
    const context = await throwAwayContext()
    const home = join(context.lease.folder, 'broken')
    for (const folder of ['bin', 'lib/quarkus']) await mkdir(join(home, folder), { recursive: true })
    await writeFile(join(home, 'lib', 'quarkus-run.jar'), '')
    await writeFile(join(home, 'bin', 'kc.sh'), '#!/bin/sh\necho This machine has no room\nexit 1\n')
    await chmod(join(home, 'bin', 'kc.sh'), 0o755)
    const postgres = { createDatabase: async (name: string) => testPostgres().settings(name) }
    const starting = wayOf({ home, postgres }, 'local').start(context)
    await expect(starting).rejects.toMatchObject({
      code: 'rehearsal.no-backend',
      message: 'Keycloak does not start: it has ended (1)',
      problems: [{ message: 'This machine has no room' }],
    })
    expect(context.belongings).toEqual([])
    expect(await readdir(context.lease.folder)).not.toContain('keycloak')
  })
})
