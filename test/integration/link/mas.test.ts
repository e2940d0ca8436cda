import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { masPlace } from '../../../src/link/mas-place.ts'
import type { ConflictRules } from '../../../src/mapping/mapping.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { rollback } from '../../../src/migration/rollback/rollback.ts'
import { verify } from '../../../src/migration/verify.ts'
import type { RollbackDocument } from '../../../src/report/rollback-document.ts'
import type { MasProvider } from '../../../src/targets/mas/config/mas-config.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { demoProviders, demoRequest } from '../../support/migration/requests.ts'
import { migrated, wrongTables } from '../../support/migration/run.ts'
import { born } from '../../support/migration/stages.ts'
import { testPostgres } from '../../support/postgres.ts'
import { soundConfig } from '../../support/sound-mas.ts'
import { codesOf, ISSUER, type LinkRoad, makeLinkRoad, subjectOf } from './link-road.ts'

const SYNAPSE = 'link_mas_synapse'
const MAS = 'link_mas_mas'
const postgres = testPostgres()
let road: LinkRoad
let toMas: MigrationRequest

const sso: MasProvider = {
  id: '01JDEMM0SS0000000000000009',
  uuid: '01935d4a-0329-0000-0000-000000000009',
  issuer: ISSUER,
  humanName: 'Company',
  enabled: true,
}

const place = (provider: Partial<MasProvider> = {}, settings = postgres.settings(MAS)) =>
  masPlace(
    { providers: [{ ...sso, ...provider }], encryptionKey: soundConfig.encryptionKey, homeserver: 'demo.example' },
    settings,
  )

const inMas = (...statements: readonly string[]) => postgres.execute(MAS, ...statements)

const linksNow = () =>
  inMas(`
    SELECT l.*, u.username FROM upstream_oauth_links l LEFT JOIN users u USING (user_id)
    WHERE upstream_oauth_provider_id = '${sso.uuid}' ORDER BY subject`)

const count = async (what: string): Promise<number> =>
  Number((await inMas(`SELECT count(*)::integer AS n FROM ${what}`))[0]?.['n'])

const rolledBack = async (used: 'keep' | 'remove' = 'keep'): Promise<RollbackDocument> => {
  const document = await rollback({ ...toMas, what: 'last', used, confirm: async () => true })
  if (document === undefined) throw new Error('nobody said no')
  return document
}

const freshMas = async (): Promise<void> => {
  await createMasDatabase(postgres, MAS, [...demoProviders, sso.uuid])
  await migrated(toMas)
}

beforeAll(async () => {
  road = await makeLinkRoad(postgres, { name: SYNAPSE, accounts: 120 })
  const mas = await createMasDatabase(postgres, MAS, demoProviders)
  toMas = demoRequest({ synapse: road.source, mas })
  await road.migrate()
})
afterAll(() => road.remove())
beforeEach(freshMas)

describe('links in MAS', () => {
  it('are written for everybody who is at Keycloak, under the username of the Matrix id', async () => {
    const { links } = await road.apply(place())
    const rows = await linksNow()
    expect(rows.length).toBe(links?.written)
    expect(rows.length).toBeGreaterThan(50)
    for (const { username, subject, created_at, human_account_name } of rows) {
      expect(subject).toBe(subjectOf(`@${String(username)}:demo.example`))
      expect(created_at).toEqual(new Date(road.request.asOf ?? 0))
      expect(human_account_name).toBeNull()
    }
  })

  it('are the same ones when they are written again, and not written twice', async () => {
    const { runId = '' } = await road.apply(place())
    const before = await linksNow()
    const again = await road.apply(place())
    expect(again.links).toEqual({ write: 0, there: before.length })
    await road.undo(place(), runId)
    expect(await linksNow()).toEqual([])
    await road.apply(place())
    expect(await linksNow()).toEqual(before)
  })

  it('may be written while MAS runs', async () => {
    const mas = await postgres.superuser(MAS)
    await mas.query(`SET application_name = 'mas'`)
    expect(codesOf(await road.apply(place()))).not.toContain('SYNAPSE_RUNNING')
    await mas.end()
  })

  it('by which somebody has logged in stay when the others are taken back', async () => {
    const { runId = '', links } = await road.apply(place())
    const [used, changed] = await linksNow()
    await inMas(
      `INSERT INTO upstream_oauth_authorization_sessions
         (upstream_oauth_authorization_session_id, upstream_oauth_provider_id, upstream_oauth_link_id, state, created_at)
       VALUES (gen_random_uuid(), '${sso.uuid}', '${String(used?.['upstream_oauth_link_id'])}', 'state', now())`,
      `UPDATE upstream_oauth_links SET user_id = (SELECT user_id FROM users WHERE username = '${String(used?.['username'])}')
       WHERE subject = '${String(changed?.['subject'])}'`,
    )
    const back = await road.undo(place(), runId)
    expect(back.links).toEqual({ removed: (links?.written ?? 0) - 2, used: 1, changed: 1 })
    expect((await linksNow()).map(({ subject }) => subject)).toEqual([used?.['subject'], changed?.['subject']])
  })

  it('need a role that may also change one, since one that is nobody’s becomes somebody’s', async () => {
    await postgres.execute('postgres', 'DROP ROLE IF EXISTS mas_writer', `CREATE ROLE mas_writer LOGIN PASSWORD 'w'`)
    const written = () => road.apply(place({}, { ...postgres.settings(MAS), user: 'mas_writer', password: 'w' }))
    await inMas(
      'GRANT SELECT ON ALL TABLES IN SCHEMA public TO mas_writer',
      'GRANT USAGE ON SCHEMA syn2op TO mas_writer',
      'GRANT SELECT ON ALL TABLES IN SCHEMA syn2op TO mas_writer',
      'GRANT INSERT ON upstream_oauth_links TO mas_writer',
    )
    await expect(written()).rejects.toMatchObject({
      code: 'database.not-allowed',
      next: expect.arrayContaining([
        expect.stringMatching(/GRANT UPDATE ON "public"\."upstream_oauth_links" TO "mas_writer";$/u),
      ]),
    })
    await inMas('GRANT UPDATE ON upstream_oauth_links TO mas_writer')
    const { links } = await written()
    expect((await linksNow()).length).toBe(links?.written)
    await inMas('DROP OWNED BY mas_writer')
    await postgres.execute('postgres', 'DROP ROLE mas_writer')
  })

  it('lead to nobody whom MAS does not have', async () => {
    await postgres.execute(SYNAPSE, born('late'))
    const document = await road.apply(place(), { whom: 'everybody' })
    await postgres.execute(SYNAPSE, `DELETE FROM users WHERE name = '@late:demo.example'`)
    expect(document.links).toMatchObject({ missing: 1 })
    expect(document.findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'LINK_USERS_MISSING', samples: ['@late:demo.example'] }),
      ]),
    )
  })

  describe('where somebody has come by the provider before their link was there, and was let into no account', () => {
    const OF_BEFORE = '01935d4a-0329-0000-0000-0000000000aa'
    let theirs: Readonly<Record<string, unknown>>

    beforeEach(async () => {
      await road.apply(place())
      theirs = (await linksNow())[0] ?? {}
      await freshMas()
      await inMas(
        `INSERT INTO upstream_oauth_links VALUES ('${OF_BEFORE}', '${sso.uuid}', NULL, '${String(theirs['subject'])}', '2026-01-01Z')`,
        `INSERT INTO upstream_oauth_authorization_sessions
           (upstream_oauth_authorization_session_id, upstream_oauth_provider_id, upstream_oauth_link_id, state, created_at)
         VALUES (gen_random_uuid(), '${sso.uuid}', '${OF_BEFORE}', 'state', now())`,
      )
    })

    it('make what MAS has noted of it theirs, and leave it so when the others are taken back', async () => {
      const { runId = '', links, findings } = await road.apply(place())
      expect(findings.map(({ code }) => code)).not.toContain('LINK_CONFLICTS')
      const rows = await linksNow()
      expect(rows).toHaveLength(links?.written ?? 0)
      const own = { upstream_oauth_link_id: OF_BEFORE, subject: theirs['subject'], username: theirs['username'] }
      expect(rows[0]).toMatchObject(own)
      expect((await road.undo(place(), runId)).links).toEqual({ removed: rows.length - 1, used: 1 })
      expect(await linksNow()).toMatchObject([own])
    })

    it('do the same as SQL', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'syn2op-link-sql-'))
      const { files, links } = await road.link(place(), { out: join(folder, 'link.sql') })
      const typed = async (file = ''): Promise<string> => (await readFile(file, 'utf8')).replaceAll(/^\\.*$/gmu, '')
      await inMas(await typed(files?.link))
      const rows = await linksNow()
      expect(rows).toHaveLength(links?.write ?? 0)
      expect(rows[0]).toMatchObject({ upstream_oauth_link_id: OF_BEFORE, username: theirs['username'] })
      await inMas(await typed(files?.unlink))
      expect(await linksNow()).toMatchObject([{ upstream_oauth_link_id: OF_BEFORE }])
      await rm(folder, { recursive: true })
    })
  })

  it('are not written for another homeserver, whose people may have the same names', async () => {
    const config = { providers: [sso], encryptionKey: soundConfig.encryptionKey, homeserver: 'other.example' }
    const other = masPlace(config, postgres.settings(MAS))
    const { findings, links } = await road.link(other)
    expect(links).toBeUndefined()
    expect(findings).toMatchObject([
      { code: 'MAS_SERVER_NAME', severity: 'error', samples: ['other.example', 'demo.example'] },
    ])
    await expect(road.apply(other)).rejects.toMatchObject({ code: 'check.errors' })
    expect(await linksNow()).toEqual([])
  })

  it('wait for `mas-cli config sync`, and warn of a provider that gives accounts away', async () => {
    const uuid = '01935d4a-0329-0000-0000-00000000000a'
    await expect(road.apply(place({ uuid }))).rejects.toMatchObject({
      code: 'check.errors',
      problems: [{ message: expect.stringContaining('MAS_PROVIDER_ROW_MISSING') }],
    })
    expect(codesOf(await road.link(place({ onConflict: 'add' })))).toContain('LINK_EXISTING_USERS')
    expect(codesOf(await road.link(place({ enabled: false })))).toContain('LINK_PROVIDER_MISSING')
  })
})

describe('somebody of MAS who has the name of an account', () => {
  let name: string
  const stranger = () => linksNow().then((rows) => rows.filter(({ username }) => username === name))
  const besideStranger = async (conflicts: Partial<ConflictRules> = {}): Promise<void> => {
    await createMasDatabase(postgres, MAS, [...demoProviders, sso.uuid])
    await inMas(`INSERT INTO users (user_id, username, created_at) VALUES (gen_random_uuid(), '${name}', now())`)
    await migrated(demoRequest({ synapse: road.source, mas: postgres.settings(MAS) }, { conflicts }))
  }

  beforeEach(async () => {
    await road.apply(place())
    name = String((await linksNow())[0]?.['username'])
  })

  it('does not get the link of the account that was held back because of them', async () => {
    await besideStranger()
    for (const asked of [{}, { usernames: 'hold_back' }] as const) {
      const { links, findings } = await road.link(place(), asked)
      expect(links).toMatchObject({ conflicts: 1 })
      expect(findings).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            code: 'LINK_CONFLICTS',
            samples: [expect.stringMatching(`^@${name}:demo.example .* was there before`)],
          }),
        ]),
      )
    }
    await expect(road.apply(place(), { accept: [] })).rejects.toMatchObject({ code: 'check.warnings' })
    await road.apply(place())
    expect(await linksNow()).not.toHaveLength(0)
    expect(await stranger()).toEqual([])
  })

  it('is known before anybody has migrated to MAS, by the rule for names that are taken', async () => {
    await createMasDatabase(postgres, MAS, [...demoProviders, sso.uuid])
    await inMas(`INSERT INTO users (user_id, username, created_at) VALUES (gen_random_uuid(), '${name}', now())`)
    const document = await road.link(place(), { usernames: 'hold_back' })
    expect(document.links).toMatchObject({ write: 0, conflicts: 1 })
  })

  it('gets it where the rules take them as the same person', async () => {
    await besideStranger({ username: 'adopt' })
    await road.apply(place())
    expect(await stranger()).toHaveLength(1)
  })

  it('gets it where no migration into MAS has found them in anybody’s way', async () => {
    await createMasDatabase(postgres, MAS, [...demoProviders, sso.uuid])
    await inMas(`INSERT INTO users (user_id, username, created_at) VALUES (gen_random_uuid(), '${name}', now())`)
    await road.apply(place())
    expect(await stranger()).toHaveLength(1)
  })
})

describe('the links beside what a migration wrote to MAS', () => {
  it('are no difference, and a later run leaves them alone', async () => {
    await road.apply(place())
    const before = await linksNow()
    const verified = await verify(toMas)
    expect(wrongTables(verified)).toEqual([])
    expect(verified.tables.find(({ table }) => table === 'upstream_oauth_links')?.foreign).toBe(before.length)
    await postgres.execute(SYNAPSE, born('beside'))
    const { outcomes } = await migrated(toMas)
    expect(outcomes).toEqual(expect.arrayContaining([{ outcome: 'created', count: 1 }]))
    expect(await linksNow()).toEqual(before)
    expect(wrongTables(await verify(toMas))).toEqual([])
    await postgres.execute(SYNAPSE, `DELETE FROM users WHERE name = '@beside:demo.example'`)
  })

  it('are no difference either where some people had links to that Keycloak before, and a wrong one beside them still is', async () => {
    const before = await inMas(
      `SELECT upstream_oauth_provider_id AS uuid, count(*)::integer AS n FROM upstream_oauth_links GROUP BY 1 ORDER BY 2 DESC`,
    )
    const uuid = String(before[0]?.['uuid'])
    const { links } = await road.apply(place({ uuid }))
    expect(links?.conflicts).toBeGreaterThan(0)
    expect(links?.written).toBeGreaterThan(0)
    const linksSeen = async () =>
      (await verify(toMas)).tables.find(({ table }) => table === 'upstream_oauth_links') ?? { wanted: 0 }
    const seen = await linksSeen()
    expect(seen).toMatchObject({ missing: 0, extra: 0, differing: 0, foreign: links?.written })
    expect(seen).toMatchObject({ present: seen.wanted + (links?.written ?? 0) })
    // A person whom the migration linked has two now.
    await inMas(
      `INSERT INTO upstream_oauth_links (upstream_oauth_link_id, upstream_oauth_provider_id, user_id, subject, created_at)
       SELECT gen_random_uuid(), upstream_oauth_provider_id, user_id, 'a second one', created_at FROM upstream_oauth_links
       WHERE created_at < '${new Date(road.request.asOf ?? 0).toISOString()}' AND upstream_oauth_provider_id = '${uuid}' LIMIT 1`,
    )
    expect(await linksSeen()).toMatchObject({ missing: 0, extra: 1, differing: 0, foreign: links?.written })
    await inMas(
      `DELETE FROM upstream_oauth_links WHERE subject = 'a second one'`,
      `DELETE FROM upstream_oauth_links WHERE ctid = (
         SELECT ctid FROM upstream_oauth_links WHERE created_at < '${new Date(road.request.asOf ?? 0).toISOString()}'
           AND upstream_oauth_provider_id = '${uuid}' LIMIT 1)`,
    )
    expect(await linksSeen()).toMatchObject({ missing: 1, extra: 0, differing: 0, foreign: links?.written })
  })

  it('keep their accounts from a rollback, until they are taken back themselves', async () => {
    const { runId = '' } = await road.apply(place())
    const before = await linksNow()
    const kept = await rolledBack()
    expect(kept).toMatchObject({ way: 'accounts', used: before.length })
    expect(kept.lost).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ what: 'links to upstream providers begun or added at MAS', count: before.length }),
      ]),
    )
    expect(await linksNow()).toEqual(before)
    await freshMas()
    const again = await road.apply(place())
    await expect(road.undo(place(), runId)).resolves.toMatchObject({ links: { removed: again.links?.written } })
    expect(await rolledBack()).toMatchObject({ used: 0 })
    expect(await count('users')).toBe(0)
  })

  it('go with their accounts where these are removed with all that was done there', async () => {
    await road.apply(place())
    await rolledBack('remove')
    expect(await linksNow()).toEqual([])
    expect(await count('users')).toBe(0)
  })
})
