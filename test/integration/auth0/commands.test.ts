import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { realClock } from '../../../src/rehearsal/standins/auth0/clock.ts'
import { type StandIn, startStandIn } from '../../../src/rehearsal/standins/auth0/server.ts'
import { auth0ActionSchema } from '../../../src/report/schema/auth0-action.ts'
import { auth0CanarySchema } from '../../../src/report/schema/auth0-canary.ts'
import { actionSource } from '../../../src/targets/auth0/links/action/wanted-action.ts'
import { ending, type ProgramEnd, runBuiltProgram } from '../../support/built-program.ts'

describe('syn2op auth0', () => {
  let folder = ''
  let standIn: StandIn
  let config = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syn2op-auth0-commands-'))
    standIn = await startStandIn({ clock: realClock({ speed: 600 }) })
    config = await file('auth0.yaml', await settings())
  })
  afterAll(async () => {
    await standIn.close()
    await rm(folder, { recursive: true })
  })

  const file = async (name: string, content: string | object): Promise<string> => {
    const path = join(folder, name)
    await writeFile(path, typeof content === 'string' ? content : stringify(content), { mode: 0o600 })
    return path
  }

  const settings = async () => ({
    url: standIn.url,
    client: { id: standIn.client.id, secret_file: await file('secret', standIn.client.secret) },
    connection: standIn.connection.name,
    plan: 'enterprise',
    identity_providers: { 'oidc-corp': { connection: 'corp', strategy: 'oidc' } },
  })

  const withApplication = async (): Promise<string> => {
    const { client } = await settings()
    return file('auth0-application.yaml', { ...(await settings()), application: client })
  }

  const auth0 = (command: string, ...args: readonly string[]): Promise<ProgramEnd> =>
    runBuiltProgram(['auth0', command, ...args], { folder })

  const writes = (): number =>
    standIn.requests.filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token').length

  it('canary asks a tenant all it can, and says so in a document of its schema', async () => {
    const homeserver = await file('homeserver.yaml', {
      server_name: 'example.org',
      database: { name: 'psycopg2', args: { host: 'db.example.org', user: 'synapse', database: 'synapse' } },
      password_config: { pepper: 'p'.repeat(43) },
    })
    const canary = await auth0(
      'canary',
      `--target-config=${await withApplication()}`,
      `--synapse-config=${homeserver}`,
      '--yes',
      '--json',
    )
    expect(ending(canary, 0)).toBe('exit 0')
    const document = auth0CanarySchema.strict().parse(JSON.parse(canary.stdout))
    expect(document).toMatchObject({ target: { url: standIn.url, connection: 'people' }, probes: 'removed' })
    expect(standIn.tenant.users.count()).toBe(0)
    expect(document.claims.find(({ id }) => id === 'password.with-a-long-pepper')).toMatchObject({
      seen: 'logged in with 20 bytes before a pepper of 43',
    })
    expect(canary.stderr).toContain('confirmed: Of an import the whole form is counted')
    expect(canary.stderr).not.toContain('import.length-of-the-form')
  })

  it('canary makes nobody where it cannot ask whether it may', async () => {
    const before = writes()
    const { code, stderr } = await auth0('canary', `--target-config=${config}`)
    expect({ code, asks: stderr.includes('(usage.confirmation-needed)') }).toEqual({ code: 64, asks: true })
    expect(writes()).toBe(before)
  })

  it('action prints its source as it is deployed, and asks nobody', async () => {
    const { stdout, code } = await auth0('action', '--print')
    expect({ code, source: stdout }).toEqual({ code: 0, source: await actionSource() })
  })

  it('action shows what there is, and writes nothing', async () => {
    const before = writes()
    const { stdout, stderr } = await auth0('action', `--target-config=${config}`, '--json')
    expect(auth0ActionSchema.strict().parse(JSON.parse(stdout))).toMatchObject({
      found: 'absent',
      connections: ['corp'],
      done: [],
    })
    expect(stderr).toContain('To do it, add: --apply --action-client ID --action-secret-file FILE\n')
    expect(stderr).toContain('with the scopes read:users and update:users and no others')
    expect(writes()).toBe(before)
  })

  it('action is not deployed with an application that it could not ask by', async () => {
    const { tenant } = standIn
    tenant.clients.set('narrow', { ...standIn.client, id: 'narrow', scopes: ['read:users'] })
    const secret = `--action-secret-file=${await file('action-secret', standIn.client.secret)}`
    const apply = await auth0(
      'action',
      `--target-config=${config}`,
      '--apply',
      '--yes',
      '--action-client=narrow',
      secret,
    )
    expect(apply.code).toBe(4)
    expect(apply.stderr).toContain('The application narrow lacks the scope update:users')
    expect(tenant.actions.size).toBe(0)
  })

  it('action is for identity providers only', async () => {
    const alone = await file('alone.yaml', { identity_providers: { 'oidc-corp': { link: 'leave' } } })
    const { code, stderr } = await auth0('action', `--target-config=${config}`, `--target-config=${alone}`)
    expect(code).toBe(64)
    expect(stderr).toContain('No identity provider of auth0.yaml has `link: action`')
  })

  it('takes the secret of its application from the environment', async () => {
    const bare = await file('bare.yaml', {
      url: standIn.url,
      client: { id: standIn.client.id },
      connection: 'people',
      plan: 'free',
    })
    const env = { SYN2OP_AUTH0_CLIENT_SECRET: standIn.client.secret }
    const end = await runBuiltProgram(['auth0', 'action', `--target-config=${bare}`, '--undo', '--json'], {
      folder,
      env,
    })
    expect(ending(end, 0)).toBe('exit 0')
    expect(JSON.parse(end.stdout)).toMatchObject({ found: 'absent', done: [] })
  })
})
