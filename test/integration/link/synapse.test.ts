import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { synapsePlace } from '../../../src/link/synapse-place.ts'
import { listRuns } from '../../../src/migration/runs/list-runs.ts'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import type { SynapseProvider } from '../../../src/synapse/homeserver.ts'
import { born } from '../../support/migration/stages.ts'
import { testPostgres } from '../../support/postgres.ts'
import { codesOf, ISSUER, type LinkRoad, makeLinkRoad, PROVIDER, subjectOf } from './link-road.ts'

const NAME = 'link_synapse'
const postgres = testPostgres()
let road: LinkRoad

const sso: SynapseProvider = { authProvider: PROVIDER, kind: 'oidc', issuer: ISSUER, path: 'oidc_providers[0]' }

const place = (settings: PostgresSettings = postgres.settings(NAME), provider: Partial<SynapseProvider> = {}) =>
  synapsePlace({ providers: [{ ...sso, ...provider }] }, settings)

const inSynapse = (...statements: readonly string[]) => postgres.execute(NAME, ...statements)

const linksNow = () =>
  inSynapse(`SELECT external_id, user_id FROM user_external_ids WHERE auth_provider = '${PROVIDER}' ORDER BY user_id`)

const everyLink = () =>
  inSynapse(
    'SELECT auth_provider, external_id, user_id FROM user_external_ids ORDER BY user_id, auth_provider, external_id',
  )

const linkedNames = async (): Promise<readonly unknown[]> => (await linksNow()).map((row) => row['user_id'])

beforeAll(async () => {
  road = await makeLinkRoad(postgres, { name: NAME, accounts: 120 })
  await inSynapse(born('stays'))
  await road.migrate({ refuses: (mxid) => (mxid === somebody ? 'not this one' : undefined) })
})
afterAll(() => road.remove())
beforeEach(async () => {
  await inSynapse(`DELETE FROM user_external_ids WHERE auth_provider = '${PROVIDER}'`)
})

const PSQL = 'psql'
const hasPsql = spawnSync(PSQL, ['--version']).status === 0

/** A person whom the target refuses. */
const somebody = '@stays:demo.example'

describe('links in Synapse', () => {
  it('are written for everybody who is at Keycloak, to the id that they have there', async () => {
    const { runId, links, provider } = await road.apply(place())
    expect(runId).toBeDefined()
    expect(provider).toEqual({ id: PROVIDER, name: PROVIDER })
    const rows = await linksNow()
    expect(rows.length).toBe(links?.written)
    expect(rows.length).toBeGreaterThan(50)
    for (const { external_id, user_id } of rows) expect(external_id).toBe(subjectOf(String(user_id)))
  })

  it('are shown first, and nothing is written', async () => {
    const { links, runId, next } = await road.link(place())
    expect(links?.write).toBeGreaterThan(50)
    expect(runId).toBeUndefined()
    expect(next).toMatchObject([{ text: expect.stringContaining('Stop Synapse'), commands: ['syn2op link --apply'] }])
    expect(await linksNow()).toEqual([])
  })

  it('are not written a second time', async () => {
    const first = await road.apply(place())
    const again = await road.apply(place())
    expect(again.links).toEqual({ write: 0, there: first.links?.written })
    expect(again.runId).toBeUndefined()
  })

  it('are taken back exactly: those of others, and those that were there before, stay', async () => {
    const before = await everyLink()
    const { runId = '', links } = await road.apply(place())
    const back = await road.undo(place(), runId)
    expect(back).toMatchObject({ action: 'undo', takesBack: runId, links: { removed: links?.written } })
    expect(await everyLink()).toEqual(before)
    const again = await road.undo(place(), runId)
    expect(again.links).toEqual({ removed: 0, gone: links?.written })
    const { runs } = await listRuns(road.request.runs ?? '', undefined)
    expect(runs.find((run) => run.runId === runId)).toMatchObject({ kind: 'link', state: 'taken back' })
    expect(runs.find((run) => run.runId === back.runId)).toMatchObject({
      kind: 'link',
      state: 'done',
      takesBack: runId,
    })
  })

  it('that somebody has used or changed since stay, and are counted', async () => {
    const { runId = '', links } = await road.apply(place())
    const [used, changed, gone] = await linkedNames()
    await inSynapse(
      `INSERT INTO device_auth_providers VALUES ('${used}', 'D', '${PROVIDER}', 'sid')`,
      `UPDATE user_external_ids SET user_id = '@other:demo.example' WHERE auth_provider = '${PROVIDER}' AND user_id = '${changed}'`,
      `DELETE FROM user_external_ids WHERE auth_provider = '${PROVIDER}' AND user_id = '${gone}'`,
    )
    const back = await road.undo(place(), runId)
    await inSynapse(`DELETE FROM device_auth_providers WHERE auth_provider_id = '${PROVIDER}'`)
    expect(back.links).toEqual({ removed: (links?.written ?? 0) - 3, used: 1, changed: 1, gone: 1 })
    expect(await linkedNames()).toEqual(expect.arrayContaining([used, '@other:demo.example']))
    const { runs } = await listRuns(road.request.runs ?? '', undefined)
    expect(runs.find((run) => run.runId === runId)).toMatchObject({ state: 'done' })
  })

  it('leave alone whoever is linked otherwise, and say who that is', async () => {
    await road.apply(place())
    const [one, other] = (await linkedNames()).map(String)
    await inSynapse(
      `DELETE FROM user_external_ids WHERE auth_provider = '${PROVIDER}'`,
      `INSERT INTO user_external_ids VALUES ('${PROVIDER}', 'someone-else', '${one}')`,
      `INSERT INTO user_external_ids VALUES ('${PROVIDER}', '${subjectOf(other ?? '')}', '@third:demo.example')`,
    )
    const document = await road.apply(place())
    expect(document.links?.conflicts).toBe(2)
    expect(document.findings.find(({ code }) => code === 'LINK_CONFLICTS')).toMatchObject({
      severity: 'warning',
      count: 2,
      samples: expect.arrayContaining([
        `${one} (linked to the subject someone-else)`,
        `${other} (its person of Keycloak is linked to @third:demo.example)`,
      ]),
    })
    expect(await linksNow()).toEqual(
      expect.arrayContaining([
        { external_id: 'someone-else', user_id: one },
        { external_id: subjectOf(other ?? ''), user_id: '@third:demo.example' },
      ]),
    )
  })

  it('lead to whom people are known as where they log in, and to nobody who comes as somebody else', async () => {
    await road.apply(place())
    const [one = '', other = ''] = (await linkedNames()).map(String)
    await inSynapse(`DELETE FROM user_external_ids WHERE auth_provider = '${PROVIDER}'`)
    const asked: string[] = []
    const document = await road.apply(place(), {
      whom: 'everybody',
      logins: { product: 'Auth0', target: 'auth0' },
      subjectsThere: async (mxids) => {
        asked.push(...mxids)
        return { own: new Map([[one, 'oidc|corp|one']]), others: new Map([[other, 'auth0|boss']]) }
      },
    })
    expect(asked).toEqual(expect.arrayContaining([one, other]))
    expect(asked).not.toContain(somebody)
    expect(document.links).toMatchObject({ conflicts: 1, written: document.accounts - 1 })
    expect(document.findings.find(({ code }) => code === 'LINK_CONFLICTS')).toMatchObject({
      message: 'the owner of 1 account would come from Auth0 as somebody else: not linked',
      samples: [`${other} (comes from Auth0 as auth0|boss, to whom somebody has linked it there)`],
    })
    const links = await linksNow()
    expect(links).toContainEqual({ external_id: 'oidc|corp|one', user_id: one })
    expect(links.map((row) => row['user_id'])).not.toContain(other)
  })

  it('say of which product the person is that is linked to somebody else', async () => {
    await road.apply(place())
    const [one = ''] = (await linkedNames()).map(String)
    await inSynapse(
      `UPDATE user_external_ids SET user_id = '@third:demo.example' WHERE auth_provider = '${PROVIDER}' AND user_id = '${one}'`,
    )
    const { findings } = await road.link(place(), { logins: { product: 'Auth0', target: 'auth0' } })
    expect(findings.find(({ code }) => code === 'LINK_CONFLICTS')).toMatchObject({
      samples: [`${one} (its person of Auth0 is linked to @third:demo.example)`],
    })
  })

  it('lead to nobody who was refused at Keycloak, unless everybody is asked for', async () => {
    const document = await road.apply(place())
    expect(document.findings.find(({ code }) => code === 'LINK_NOT_AT_KEYCLOAK')).toMatchObject({
      samples: [somebody],
      count: 1,
    })
    expect(await linkedNames()).not.toContain(somebody)
    await road.apply(place(), { whom: 'everybody' })
    expect(await linkedNames()).toContain(somebody)
  })

  it('are written by the line that was shown, though somebody has to stay behind', async () => {
    const { next } = await road.link(place(), { accept: [] })
    expect(next[0]?.commands).toEqual(['syn2op link --apply --accept LINK_NOT_AT_KEYCLOAK'])
    await expect(road.apply(place(), { accept: [] })).rejects.toMatchObject({ code: 'check.warnings' })
    const document = await road.apply(place(), { accept: ['LINK_NOT_AT_KEYCLOAK'] })
    expect(document.links?.written).toBeGreaterThan(50)
  })

  it('are not written while Synapse runs, nor where it was started while somebody was asked', async () => {
    const synapse = await postgres.superuser(NAME)
    try {
      await synapse.query(`SET application_name = 'master'`)
      await expect(road.apply(place())).rejects.toMatchObject({
        code: 'check.warnings',
        problems: [{ message: expect.stringContaining('SYNAPSE_RUNNING') }],
      })
      expect(codesOf(await road.link(place()))).not.toContain('SYNAPSE_RUNNING')
    } finally {
      await synapse.end()
    }
    let late: Awaited<ReturnType<typeof postgres.superuser>> | undefined
    const confirm = async (): Promise<boolean> => {
      late = await postgres.superuser(NAME)
      return true
    }
    await expect(road.apply(place(), { confirm })).rejects.toMatchObject({ code: 'run.not-possible' })
    await late?.end()
    expect(await linksNow()).toEqual([])
  })

  it('of a run that died before its transaction ended are not taken back from whoever wrote them later', async () => {
    let late: Awaited<ReturnType<typeof postgres.superuser>> | undefined
    const confirm = async (): Promise<boolean> => {
      late = await postgres.superuser(NAME)
      return true
    }
    await expect(road.apply(place(), { confirm })).rejects.toMatchObject({ code: 'run.not-possible' })
    await late?.end()
    const { runs } = await listRuns(road.request.runs ?? '', undefined)
    const failed = runs.find(({ kind }) => kind === 'link')
    expect(failed).toMatchObject({ state: 'failed' })
    await road.apply(place())
    await expect(road.undo(place(), failed?.runId ?? '')).rejects.toMatchObject({
      code: 'run.not-possible',
      message: expect.stringContaining('ended before it wrote a link'),
    })
    expect((await linksNow()).length).toBeGreaterThan(50)
  })

  it('need a role that may write that one table, and say what it lacks', async () => {
    await postgres.execute('postgres', 'DROP ROLE IF EXISTS link_writer', `CREATE ROLE link_writer LOGIN PASSWORD 'w'`)
    const settings = { ...postgres.settings(NAME), user: 'link_writer', password: 'w' }
    await inSynapse('GRANT SELECT ON user_external_ids TO link_writer')
    const error = road.apply(place(settings))
    await expect(error).rejects.toMatchObject({
      code: 'database.not-allowed',
      next: expect.arrayContaining([
        expect.stringMatching(/GRANT INSERT ON "public"\."user_external_ids" TO "link_writer";$/u),
      ]),
    })
    await inSynapse('GRANT SELECT, INSERT, DELETE ON user_external_ids TO link_writer')
    const { runId = '', links } = await road.apply(place(settings))
    const undo = road.undo(place(settings), runId)
    await expect(undo).rejects.toMatchObject({
      code: 'check.warnings',
      problems: [
        {
          message: expect.stringContaining('LINK_LOGINS_HIDDEN: The role link_writer'),
          remedy: expect.stringContaining('GRANT SELECT ON "public"."device_auth_providers" TO "link_writer";'),
        },
      ],
    })
    expect((await linksNow()).length).toBe(links?.written)
    const accepted = await road.undo(place(settings), runId, { accept: ['LINK_LOGINS_HIDDEN'] })
    expect(accepted).toMatchObject({ links: { removed: links?.written } })
    await inSynapse('GRANT SELECT ON device_auth_providers TO link_writer')
    const again = await road.apply(place(settings))
    const back = await road.undo(place(settings), again.runId ?? '')
    expect(back).toMatchObject({ findings: [], links: { removed: again.links?.written } })
    await inSynapse(
      'REVOKE ALL ON device_auth_providers FROM link_writer',
      'REVOKE ALL ON user_external_ids FROM link_writer',
    )
    await postgres.execute('postgres', 'DROP ROLE link_writer')
  })

  it('are refused where they would be written to another database than the accounts’', async () => {
    await postgres.createDatabase(`${NAME}_other`, { encoding: 'UTF8' })
    await postgres.execute(
      `${NAME}_other`,
      'CREATE TABLE user_external_ids (auth_provider text, external_id text, user_id text)',
    )
    await expect(road.apply(place(postgres.settings(`${NAME}_other`)))).rejects.toMatchObject({
      code: 'config.invalid',
    })
  })

  it('wait for a provider that takes the claim sub', async () => {
    await expect(road.apply(place(undefined, { subject: 'the claim email' }))).rejects.toMatchObject({
      code: 'check.errors',
      problems: [{ message: expect.stringContaining('LINK_SUBJECT_OTHER') }],
    })
    expect(codesOf(await road.link(place(undefined, { issuer: 'https://elsewhere.example' })))).toContain(
      'LINK_PROVIDER_MISSING',
    )
  })
})

describe('the files of SQL', () => {
  const psql = async (file: string): Promise<void> => {
    // Without psql: its own commands say nothing of rows.
    if (!hasPsql) await inSynapse((await readFile(file, 'utf8')).replaceAll(/^\\.*$/gmu, ''))
    else await byPsql(file)
  }
  const byPsql = (file: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const { host, port, user, password } = postgres
      const env = { ...process.env, PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password }
      execFile(PSQL, ['-X', '-q', '-d', NAME, '-f', file], { env }, (error, stdout, stderr) =>
        error === null ? resolve(stdout) : reject(new Error(stderr, { cause: error })),
      )
    })

  it('write the same links as the program, and take back exactly those', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'syn2op-link-sql-'))
    const odd = `@o'\\dd"\n:demo.example`
    const before = await everyLink()
    const { runId = '' } = await road.apply(place())
    const wanted = await linksNow()
    await road.undo(place(), runId)
    const { files } = await road.link(place(), { out: join(folder, 'link.sql') })
    expect(await readFile(files?.link ?? '', 'utf8')).toContain('all its workers must be stopped')
    await inSynapse(`INSERT INTO user_external_ids VALUES ('${PROVIDER}', 'theirs', $$${odd}$$)`)
    await psql(files?.link ?? '')
    expect((await linksNow()).filter((row) => row['external_id'] !== 'theirs')).toEqual(wanted)
    await psql(files?.unlink ?? '')
    expect(await linksNow()).toEqual([{ external_id: 'theirs', user_id: odd }])
    await inSynapse(`DELETE FROM user_external_ids WHERE external_id = 'theirs'`)
    expect(await everyLink()).toEqual(before)
    await rm(folder, { recursive: true })
  })

  it('give nobody a second link, and leave the links by which people have logged in', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'syn2op-link-sql-'))
    const { files, links } = await road.link(place(), { out: join(folder, 'link.sql') })
    const [one] = await inSynapse(`SELECT name FROM users WHERE name ~ '^@[a-z]+:' AND deactivated = 0 LIMIT 1`)
    const name = String(one?.['name'])
    await inSynapse(`INSERT INTO user_external_ids VALUES ('${PROVIDER}', 'came meanwhile', '${name}')`)
    await psql(files?.link ?? '')
    const own = (await linksNow()).filter((row) => row['user_id'] === name)
    expect(own).toEqual([{ external_id: 'came meanwhile', user_id: name }])
    expect((await linksNow()).length).toBe(links?.write)
    const used = (await linkedNames()).find((user) => user !== name)
    await inSynapse(`INSERT INTO device_auth_providers VALUES ('${used}', 'D', '${PROVIDER}', 'sid')`)
    await psql(files?.unlink ?? '')
    await inSynapse(`DELETE FROM device_auth_providers WHERE auth_provider_id = '${PROVIDER}'`)
    expect([...(await linkedNames())].toSorted()).toEqual([name, used].toSorted())
    await rm(folder, { recursive: true })
  })

  it('are not written where links would be wrong', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'syn2op-link-sql-'))
    const out = join(folder, 'link.sql')
    await expect(road.link(place(undefined, { subject: 'the claim email' }), { out })).rejects.toMatchObject({
      code: 'check.errors',
      problems: [{ message: expect.stringContaining('LINK_SUBJECT_OTHER') }],
    })
    expect(await readdir(folder)).toEqual([])
    await rm(folder, { recursive: true })
  })
})
