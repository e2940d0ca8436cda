import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresUrl } from '../../../src/postgres/url-of.ts'
import { leaseRoot } from '../../../src/rehearsal/leases/lease-root.ts'
import { openRehearsals, rehearse, syntheticHomeserver } from '../../../src/testing.ts'
import { testPostgres } from '../../support/postgres.ts'

const people = syntheticHomeserver({
  people: [{ localpart: 'alice', password: 'correct horse', devices: ['PHONE'] }, { localpart: 'bob' }],
})
const server = testPostgres()
/** Of our own, so that what others rehearse at the same time is not taken for ours. */
const ROLE = 'testing_library'
const backends = {
  postgres: postgresUrl({ ...server.settings('postgres'), user: ROLE, password: ROLE }),
}
const databases = (): Promise<readonly unknown[]> =>
  server.execute('postgres', `SELECT datname FROM pg_database WHERE datdba = '${ROLE}'::regrole`)
/** Leases of this process. */
const leases = async (): Promise<readonly string[]> => {
  const names = await readdir(leaseRoot()).catch(() => [])
  const records = await Promise.all(
    names.map((name) => readFile(join(leaseRoot(), name, 'lease.json'), 'utf8').catch(() => '{}')),
  )
  return names.filter((_, index) => (JSON.parse(records[index] ?? '{}') as { pid?: number }).pid === process.pid)
}
let folder: string

const fileOf = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syn2op-testing-'))
  await server.execute('postgres', `CREATE ROLE ${ROLE} LOGIN CREATEDB PASSWORD '${ROLE}'`)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a rehearsal in a test', () => {
  it('that fails is a result with its reasons, and no error; then nobody can be asked about', async () => {
    const result = await rehearse({
      people: syntheticHomeserver({ ...people, pepper: 'this' }),
      targetConfig: await fileOf('mas.yaml', OTHER_PEPPER),
      backends,
    })
    expect(result.verdict).toBe('failed')
    expect(result.reasons.join(' ')).toContain('MAS_PEPPER')
    expect(result.findings('error')).toEqual(['MAS_PEPPER'])
    expect(() => result.account('@alice:demo.example')).toThrow(
      expect.objectContaining({ code: 'run.not-possible', problems: result.reasons.map((message) => ({ message })) }),
    )
  })

  it('raises what is wrong in its files', async () => {
    const mapping = await fileOf('wrong.yaml', 'version: 1\nacounts: {}\n')
    await expect(rehearse({ people, mapping, backends })).rejects.toMatchObject({
      code: 'mapping.invalid',
      message: expect.stringMatching(/wrong\.yaml:2:\d+ .*acounts/u) as string,
    })
    await expect(rehearse({ people: join(folder, 'no-sample'), backends })).rejects.toMatchObject({
      code: 'config.unreadable',
    })
    await expect(rehearse({ people, backends: { postgres: 'mysql://x' } })).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:usage|config)/u) as string,
    })
  })

  it('refuses people of the names that damage makes', async () => {
    const twins = syntheticHomeserver({ damage: 'all', people: [{ localpart: 'twin' }, { localpart: 'bob' }] })
    await expect(rehearse({ people: twins, backends })).rejects.toMatchObject({
      code: 'config.invalid',
      problems: [{ message: 'people[0]: damage makes an account twin of its own' }],
    })
  })

  it('ends with its signal, and leaves nothing', async () => {
    const stop = new AbortController()
    // By then the people are in a database of theirs, and MAS has one.
    const note = (message: string): void => (message.startsWith('MAS: ') ? stop.abort() : undefined)
    const ended = rehearse({ people, backends, signal: stop.signal, note })
    await expect(ended).rejects.toMatchObject({ code: 'run.interrupted' })
    expect(stop.signal.aborted).toBe(true)
    expect(await databases()).toEqual([])
    expect(await leases()).toEqual([])
  })
})

describe('services that rehearsals share', () => {
  it('stand several rehearsals at once, which know nothing of each other, and are gone afterwards', async () => {
    const notes: string[] = []
    const rehearsals = await openRehearsals({ note: (message) => notes.push(message) })
    const held = await fileOf('held.yaml', "version: 1\nghosts: ['^@alice:']\n")
    const [moved, heldBack] = await Promise.all([
      rehearsals.rehearse({ people }),
      rehearsals.rehearse({ people, mapping: held }),
    ])
    expect([moved.reasons, heldBack.reasons]).toEqual([[], []])
    expect(moved.account(people.mxid('alice'))).toMatchObject({ outcome: 'created', devices: { carried: ['PHONE'] } })
    expect(heldBack.heldBack()).toEqual([{ mxid: '@alice:demo.example', reason: 'ghost_namespace' }])
    expect(heldBack.account('@alice:demo.example')).toMatchObject({ outcome: 'held back', password: 'left' })
    expect(() => moved.account('@alcie:demo.example')).toThrow(
      expect.objectContaining({ code: 'usage', next: ['Did you mean @alice:demo.example?'] }),
    )
    expect(notes.some((note) => note.startsWith('PostgreSQL: '))).toBe(true)
    expect(await leases()).toHaveLength(1)
    await rehearsals.close()
    await rehearsals.close()
    expect(await leases()).toEqual([])
  })
})

const OTHER_PEPPER = `
http: { public_base: 'https://account.demo.example/' }
database: { uri: 'postgresql://mas@localhost/mas' }
matrix: { homeserver: demo.example, endpoint: 'https://matrix.demo.example/', secret: only for tests }
secrets: { encryption: '${'00'.repeat(32)}', keys: [] }
passwords:
  enabled: true
  schemes: [{ version: 1, algorithm: bcrypt, unicode_normalization: true, secret: that }]
`
