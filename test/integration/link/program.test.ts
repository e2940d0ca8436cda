import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import type { LinkDocument } from '../../../src/report/link-document.ts'
import type { RunsDocument } from '../../../src/report/runs-document.ts'
import type { Answer } from '../../support/keycloak/admin.ts'
import { type DemoRealm, makeDemoRealm } from '../../support/keycloak/demo-realm.ts'
import { whyNoKeycloak } from '../../support/keycloak/distribution.ts'
import { directGrant } from '../../support/keycloak/realm.ts'
import { sharedKeycloak } from '../../support/keycloak/shared-server.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { testPostgres } from '../../support/postgres.ts'
import { type ProgramResult, runProgram } from '../../support/run-program.ts'

const missing = await whyNoKeycloak()
const postgres = testPostgres()

const told = ({ code, stdout, stderr }: ProgramResult, ends: number): unknown => {
  expect({ code, stderr, stdout: code === ends ? '' : stdout }).toMatchObject({ code: ends })
  return JSON.parse(stdout)
}

/** The claim `sub` of the token that somebody got. */
const subjectIn = ({ body }: Answer): unknown => {
  const { access_token: token } = body as { readonly access_token?: string }
  return (JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString()) as { readonly sub?: string }).sub
}

describe.skipIf(missing !== undefined)(`syn2op link${missing === undefined ? '' : ` (${missing})`}`, () => {
  const name = `link_program_${randomBytes(3).toString('hex')}`
  let folder: string
  let demo: DemoRealm

  const typed = (...args: readonly string[]): Promise<ProgramResult> => runProgram([...args, ...demo.flags], { folder })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syn2op-link-program-'))
    const synapse = await createDemoHomeserver(postgres, name, { accounts: 40 })
    demo = await makeDemoRealm(await sharedKeycloak(), { folder, synapse })
    const file = join(folder, 'homeserver.yaml')
    const homeserver = parse(await readFile(file, 'utf8')) as { oidc_providers: object[] }
    homeserver.oidc_providers.push({
      idp_id: 'matrix',
      issuer: `${demo.realm.url}/realms/${demo.realm.name}`,
      client_id: 'synapse',
    })
    await writeFile(file, stringify(homeserver))
    await runProgram(['migrate', '--yes', ...demo.flags, demo.asOf], { folder })
  }, 300_000)
  afterAll(async () => {
    await demo?.realm.remove()
    await rm(folder, { recursive: true, force: true })
  })

  it('links people to the subject with which Keycloak sends them, and takes exactly that back', async () => {
    const shown = told(await typed('link', '--to=synapse', '--json'), 0) as LinkDocument
    expect(shown).toMatchObject({ action: 'look', provider: { id: 'oidc-matrix' } })
    const applied = told(await typed('link', '--to=synapse', '--apply', '--yes', '--json'), 0) as LinkDocument
    expect(applied.links?.written).toBe(shown.links?.write)
    const [row] = await postgres.execute(
      name,
      `SELECT external_id, user_id FROM user_external_ids x JOIN users u ON u.name = x.user_id
       WHERE auth_provider = 'oidc-matrix' AND u.deactivated = 0 AND NOT locked AND user_id ~ '^@[a-z]+:' LIMIT 1`,
    )
    const id = String(row?.['external_id'])
    await demo.realm.admin.put(`users/${id}/reset-password`, { type: 'password', value: 'a new one', temporary: false })
    const answer = await directGrant(demo.realm, String(row?.['user_id']).slice(1).split(':')[0] ?? '', 'a new one')
    expect(subjectIn(answer)).toBe(id)
    const undone = told(await typed('link', '--to=synapse', '--undo=last', '--yes', '--json'), 0) as LinkDocument
    expect(undone).toMatchObject({ takesBack: applied.runId, links: { removed: applied.links?.written } })
    const list = await runProgram(['runs', 'list', '--json', `--runs-dir=${demo.runs}`], { folder })
    const { runs } = told(list, 0) as RunsDocument
    expect(runs.map(({ kind, state }) => `${kind} ${state}`)).toEqual(['link done', 'link taken back', 'merge done'])
  })

  it('says in words what it would do, and what is missing', async () => {
    const shown = await typed('link', '--to=synapse', '--out=link.sql')
    expect(shown.stdout).toMatch(/links would be written to Synapse\.$/mu)
    expect(shown.stdout).toContain('unlink.sql')
    expect(shown.stdout).toMatch(/^ {6}psql -d \S+ -f link\.sql$/mu)
    const again = await typed('link', '--to=synapse', '--out=link.sql')
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already') })
    const mas = await typed('link', '--to=mas')
    expect(mas).toMatchObject({ code: 64, stderr: expect.stringContaining('--link-config') })
    const unasked = await typed('link', '--to=synapse', '--apply', '--no-input')
    expect(unasked).toMatchObject({ code: 64, stderr: expect.stringContaining('--yes') })
    const other = await typed('link', '--to=synapse', '--auth-provider=oidc-nothing', '--json')
    const { findings } = told(other, 10) as LinkDocument
    expect(findings.map(({ code }) => code)).toContain('LINK_PROVIDER_MISSING')
  })
})
