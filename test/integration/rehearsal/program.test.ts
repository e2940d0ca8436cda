import { access, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { DEMO_CANARIES } from '../../../src/rehearsal/demo/canaries.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import type { RehearsalDocument } from '../../../src/report/documents.ts'
import { type DemoRoad, makeDemoRoad } from '../../support/demo-road.ts'
import { sharedKeycloak } from '../../support/keycloak/shared-server.ts'
import { testPostgres } from '../../support/postgres.ts'
import { makeRehearsalPlace, type RehearsalPlace } from '../../support/rehearsal/rehearse-program.ts'
import { writeSqliteHomeserver } from '../../support/sqlite-homeserver.ts'

const postgres = testPostgres()
let place: RehearsalPlace
let road: DemoRoad
let canaries: string

/** Those of the demo whose passwords are known, as an administrator would give some. */
const CANARIES = DEMO_CANARIES.flatMap(({ localpart, password }) =>
  password === undefined ? [] : [{ mxid: `@${localpart}:${DEMO.serverName}`, password: password.password }],
)

beforeAll(async () => {
  place = await makeRehearsalPlace()
  road = await makeDemoRoad(postgres, { name: 'rehearsed', accounts: 200, damage: 'all' })
  canaries = join(place.folder, 'canaries.txt')
  await writeFile(canaries, CANARIES.map((one) => JSON.stringify(one)).join('\n'), { mode: 0o600 })
})
afterAll(async () => {
  await road.remove()
  await place.remove()
})

const outcomes = ({ steps }: RehearsalDocument) => Object.fromEntries(steps.map(({ step, outcome }) => [step, outcome]))

const WHOLE = {
  'start services': 'ok',
  'make the people': 'ok',
  'make the target': 'ok',
  'check': 'ok',
  'plan': 'ok',
  'migrate': 'ok',
  'verify': 'ok',
  'roll back': 'ok',
  'plan again': 'ok',
}

const unproved = ({ unproved: named }: RehearsalDocument) => named.map(({ what }) => what)

/** Hashes of what people and their sessions are in the source. */
const sourceNow = () =>
  postgres.execute(
    road.synapse,
    `SELECT md5(string_agg(u::text, '' ORDER BY u.name)) AS users,
       (SELECT md5(string_agg(t::text, '' ORDER BY t.id)) FROM access_tokens t) AS tokens,
       (SELECT count(*)::int FROM user_external_ids) AS identities
     FROM users u`,
  )

describe('a rehearsal into MAS', () => {
  it('of made-up people passes, takes everything back, and says that no MAS ran', async () => {
    const document = await place.rehearse(['--demo', '--accounts=200', '--require=local'])
    expect(document.verdict).toBe('passed')
    expect(outcomes(document)).toEqual({ ...WHOLE, 'prove logins and tokens': 'skipped' })
    expect(unproved(document)).toEqual(expect.arrayContaining(['logins', 'tokens']))
    expect(document.again).toEqual({ same: true, differences: [] })
    expect(document.services.join()).toContain('PostgreSQL')
    expect(await place.leftOver()).toEqual([])
  })

  it('of the homeserver itself reads it and changes nothing there', async () => {
    const before = await sourceNow()
    const document = await place.rehearse([
      `--synapse-config=${road.files.homeserver}`,
      `--target-config=${road.files.mas}`,
      `--canaries=${canaries}`,
      '--require=local',
    ])
    expect(document.verdict).toBe('passed')
    expect(document.people.kind).toBe('real')
    expect(document.night?.accounts).toBeGreaterThan(200)
    expect(document.toAccept.length).toBeGreaterThan(0)
    expect(await sourceNow()).toEqual(before)
    // Nothing of the administrator's own MAS was touched.
    expect(await postgres.execute(road.mas, 'SELECT count(*)::int AS users FROM users')).toEqual([{ users: 0 }])
  })

  it('of a homeserver on SQLite does the same', async () => {
    const client = await postgres.superuser(road.synapse)
    const file = join(place.folder, 'homeserver.db')
    await writeSqliteHomeserver(client, file).finally(() => client.end())
    const yaml = parse(await readFile(road.files.homeserver, 'utf8')) as Record<string, unknown>
    const config = join(place.folder, 'lite.yaml')
    await writeFile(config, stringify({ ...yaml, database: { name: 'sqlite3', args: { database: file } } }))
    const document = await place.rehearse([`--synapse-config=${config}`, '--require=local'])
    expect(document.verdict).toBe('passed')
    expect(document.people.what).toContain(file)
    expect(await place.leftOver()).toEqual([])
  })

  it('in databases on a server that is given drops them afterwards', async () => {
    const databases = () =>
      postgres.execute('postgres', `SELECT datname FROM pg_database WHERE datname LIKE 'syn2op_rehearsal_%'`)
    const url = `postgresql://${postgres.user}:${postgres.password}@${postgres.host}:${postgres.port}/postgres`
    const document = await place.rehearse(['--demo', '--accounts=60', '--damage=none'], {
      env: { SYN2OP_REHEARSAL_POSTGRES: url },
    })
    expect(document.verdict).toBe('passed')
    expect(document.services.join()).toContain(String(postgres.port))
    expect(await databases()).toEqual([])
  })
})

describe('a rehearsal into Auth0', () => {
  it('goes to a stand-in, says so, and lets canaries log in there', async () => {
    const document = await place.rehearse(['--demo', '--accounts=200', '--target=auth0', '--require=local'])
    expect(document.verdict).toBe('passed')
    expect(document.proofs?.proofs?.results.filter(({ what, worked }) => what === 'password' && worked)).not.toEqual([])
    expect(JSON.stringify(document.unproved)).toContain('stand-in')
    expect(await place.leftOver()).toEqual([])
  })
})

describe('a rehearsal into Keycloak', () => {
  /** Of the homeserver, if it knew the pepper that the shared Keycloak has. */
  const homeserverWithPepper = async (pepper: string | undefined): Promise<string> => {
    const yaml = parse(await readFile(road.files.homeserver, 'utf8')) as Record<string, unknown>
    const config = join(place.folder, 'other-pepper.yaml')
    await writeFile(config, stringify({ ...yaml, password_config: { enabled: true, pepper } }), { mode: 0o600 })
    return config
  }

  it('has a realm of its own in a server that is given, and deletes it', async () => {
    const { url, adminUser, adminPassword, pepper } = await sharedKeycloak()
    const document = await place.rehearse(
      [
        `--synapse-config=${await homeserverWithPepper(pepper)}`,
        '--target=keycloak',
        `--rehearsal-keycloak=${url}`,
        `--rehearsal-keycloak-user=${adminUser}`,
        '--require=local',
      ],
      { env: { SYN2OP_REHEARSAL_KEYCLOAK_PASSWORD: adminPassword } },
    )
    expect(document.verdict).toBe('passed')
    expect(document.services.join()).toContain(url)
    expect(unproved(document)).toEqual(expect.arrayContaining(['logins', 'tokens', 'sso']))
    const realm = document.plan.target.location
    expect(realm).toContain('syn2op-rehearsal-')
    const answer = await fetch(`${url}/realms/${realm.split('/').at(-1)}`)
    expect(answer.status).toBe(404)
  })
})

describe('a rehearsal that is kept', () => {
  it('is refused where the target lives in the process itself', async () => {
    const { code, stderr } = await place.start(['--demo', '--target=auth0', '--keep']).ended
    expect([code, stderr]).toEqual([64, expect.stringContaining('nothing of it can be kept')])
  })

  it('leaves the people moved, and a syn2op.yaml by which other commands find them; --clean ends it', async () => {
    const document = await place.rehearse(['--demo', '--accounts=60', '--damage=none', '--require=local', '--keep'])
    const { files = [], end = '' } = document.kept ?? {}
    const settings = files.find((file) => file.endsWith('syn2op.yaml')) ?? ''
    const verified = await place.start([]).ended
    expect(verified.code).toBe(64)
    const { startBuiltProgram } = await import('../../support/built-program.ts')
    const verify = await startBuiltProgram(['verify', '--config', settings], { folder: place.folder }).ended
    expect([verify.code, verify.code === 0 ? '' : verify.stderr]).toEqual([0, ''])
    const id = end.split(' ').at(-1) ?? ''
    const cleaned = await place.start(['--clean', id]).ended
    expect([cleaned.code, cleaned.stderr]).toEqual([0, expect.any(String)])
    await expect(access(settings)).rejects.toThrow()
    expect(await place.leftOver()).toEqual([])
  })
})
