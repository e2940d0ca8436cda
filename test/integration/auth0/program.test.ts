import { randomBytes } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_CANARIES } from '../../../src/rehearsal/demo/canaries.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import { upstreamLogin } from '../../../src/rehearsal/standins/auth0/login.ts'
import type { RunDocument, VerifyDocument } from '../../../src/report/documents.ts'
import { userIdOf } from '../../../src/targets/auth0/accounts/user-id.ts'
import { type Auth0Road, makeAuth0Road } from '../../support/auth0/demo-road.ts'
import { ending, type ProgramEnd, runBuiltProgram } from '../../support/built-program.ts'
import { testPostgres } from '../../support/postgres.ts'

const outcome = ({ outcomes = [] }: Pick<RunDocument, 'outcomes'>, kind: string): number =>
  outcomes.find((one) => one.outcome === kind)?.count ?? 0

const filesBelow = async (folder: string): Promise<readonly string[]> => {
  const names = await readdir(folder, { recursive: true })
  const files: string[] = []
  for (const name of names) {
    const path = join(folder, name)
    if ((await stat(path)).isFile()) files.push(path)
  }
  return files
}

const alice = DEMO_CANARIES.find(({ localpart }) => localpart === 'alice')

describe('the program at Auth0', () => {
  let road: Auth0Road
  let migrated: RunDocument | undefined
  const told: string[] = []

  beforeAll(async () => {
    const name = `auth0_program_${randomBytes(3).toString('hex')}`
    road = await makeAuth0Road(testPostgres(), { name, accounts: 30 })
  })
  afterAll(() => road?.remove())

  const typed = async (...args: readonly string[]): Promise<ProgramEnd> => {
    const end = await runBuiltProgram(args, { folder: road.folder })
    told.push(end.stdout, end.stderr)
    return end
  }

  /** A migration's command, with the flags of the road. */
  const atAuth0 = async (command: string, ...more: readonly string[]): Promise<ProgramEnd> =>
    typed(command, ...road.flags, ...more)

  const users = (): readonly string[] => [...road.standIn.tenant.users.all()].map(({ userId }) => userId)

  const idOf = (localpart: string): string => userIdOf(road.standIn.connection.name, `@${localpart}:demo.example`)

  it('plans, moves, proves, tells and explains', async () => {
    const plan = await atAuth0('plan', '--json')
    expect(ending(plan, 0)).toBe('exit 0')
    const planned = JSON.parse(plan.stdout) as RunDocument
    const company = { authProvider: 'oidc-keycloak', decision: 'carry', called: 'company' }
    expect(planned).toMatchObject({ providers: expect.arrayContaining([expect.objectContaining(company)]) })
    const run = await atAuth0('migrate', '--yes', '--json')
    expect(ending(run, 0)).toBe('exit 0')
    const document = JSON.parse(run.stdout) as RunDocument
    expect(document.outcomes).toEqual(planned.outcomes)
    expect(document.changes).toEqual(planned.changes)
    expect(outcome(document, 'rejected')).toBe(0)
    expect(outcome(document, 'created')).toBeGreaterThan(0)
    expect(users()).toHaveLength(outcome(document, 'created'))

    const verify = await atAuth0('verify', '--json')
    expect(ending(verify, 0)).toBe('exit 0')
    expect((JSON.parse(verify.stdout) as VerifyDocument).differences).toEqual([])
    expect((await atAuth0('explain', '@alice:demo.example')).stdout).toContain('It is there as it should be.')
    expect((await atAuth0('status')).stdout).toContain('Auth0')
    migrated = document
  })

  it('links everybody at Synapse to who they are there', async () => {
    await road.cutOver()
    const link = await atAuth0('link', '--to=synapse', '--apply', '--yes')
    expect(ending(link, 0)).toBe('exit 0')
    expect(link.stdout).toContain('find their accounts when they log in by Auth0')
    const linked = await road.linked()
    expect(linked[idOf('alice')]).toBe('@alice:demo.example')
    expect(Object.keys(linked).toSorted()).toEqual(users().toSorted())
  })

  it('lets people in as before: by the password with its pepper, and by the provider that they had', async () => {
    const canaries = await road.secret('canaries.txt', `@alice:demo.example ${alice?.password?.password}\n`)
    const verify = await atAuth0('verify', `--canaries=${canaries}`)
    expect(ending(verify, 0)).toBe('exit 0')
    expect(verify.stdout).toContain('password of @alice:demo.example works, as foretold')

    const [config = ''] = road.flags.filter((flag) => flag.startsWith('--target-config='))
    const client = `--action-client=${road.standIn.client.id}`
    const secret = await road.secret('action-secret', road.standIn.client.secret)
    const apply = await typed('auth0', 'action', '--apply', client, `--action-secret-file=${secret}`, '--yes', config)
    expect(ending(apply, 0)).toBe('exit 0')
    const shown = await typed('auth0', 'action', config, '--json')
    expect(JSON.parse(shown.stdout)).toMatchObject({ found: 'runs', connections: ['company', 'github'] })
    const subject = alice?.externalId?.subject ?? ''
    const login = await upstreamLogin(road.standIn.tenant, { connection: 'company', subject })
    expect(login).toEqual({ kind: 'in', userId: idOf('alice') })
    const again = await atAuth0('verify', '--json')
    expect(ending(again, 0)).toBe('exit 0')
    expect((JSON.parse(again.stdout) as VerifyDocument).differences).toEqual([])
    expect(ending(await typed('auth0', 'action', '--undo', '--yes', config), 0)).toBe('exit 0')
    expect(road.standIn.tenant.actions.size).toBe(0)
  })

  it('takes back everybody but who has logged in', async () => {
    const rollback = await atAuth0('rollback', migrated?.runId ?? '', '--yes', '--json')
    expect(ending(rollback, 0)).toBe('exit 0')
    expect(users()).toEqual([idOf('alice')])
  })

  it('has told and kept no secret', async () => {
    const kept = await Promise.all((await filesBelow(road.runs)).map((file) => readFile(file, 'latin1')))
    const everything = [...told, ...kept].join('\n')
    expect(everything.length).toBeGreaterThan(10_000)
    expect(everything).not.toContain(DEMO.pepper)
    expect(everything).not.toContain(road.standIn.client.secret)
    expect(everything).not.toContain(alice?.password?.password)
    expect(everything).not.toMatch(/\$2[aby]\$\d\d\$/u)
    expect(everything).not.toMatch(/eyJ[\w-]{10,}\./u)
  })
})
