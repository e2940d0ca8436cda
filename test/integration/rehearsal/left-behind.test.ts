import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { parsePostgresUrl } from '../../../src/postgres/url.ts'
import { type RehearseOptions, rehearse } from '../../../src/rehearsal/rehearse.ts'
import { imagesOf } from '../../../src/rehearsal/services/containers/images.ts'
import { demoSource } from '../../../src/rehearsal/sources/demo.ts'
import { silentProgress } from '../../../src/targets/progress.ts'
import { runTyped } from '../../support/built-program.ts'
import { type OwnPostgres, startTestPostgres } from '../../support/postgres.ts'
import { makeRehearsalPlace } from '../../support/rehearsal/rehearse-program.ts'

// Its own: others look for what rehearsals have left on the server that all share.
let postgres: OwnPostgres
let server: PostgresSettings
let folder: string

const leases = () => readdir(join(folder, `syn2op-rehearsals-${process.getuid?.()}`))
const databases = async (): Promise<readonly string[]> => {
  const found = await postgres.execute(
    'postgres',
    `SELECT datname FROM pg_database WHERE datname LIKE 'syn2op_rehearsal_%'`,
  )
  return found.map(({ datname }) => String(datname))
}

/** Somebody says of the rehearsal's databases that they are theirs: the rehearsal may not drop them any more. */
const takeAway = async (): Promise<void> => {
  for (const name of await databases())
    await postgres.execute('postgres', `COMMENT ON DATABASE "${name}" IS 'mine now'`)
}

const rehearsing = async (options: Partial<RehearseOptions>) => {
  const notes: string[] = []
  const outcome = rehearse({
    people: (stage) => demoSource({ ...stage, accounts: 60, damage: 'none' }),
    durability: 'throw-away',
    target: 'auth0',
    backends: { images: imagesOf({ given: [], pull: 'never' }), postgres: server, wanted: 'local' },
    servers: ['--rehearsal-postgres', 'postgresql://db.example/postgres'],
    afterwards: 'ended',
    readers: 1,
    accept: [],
    progress: { ...silentProgress, note: (message) => void notes.push(message) },
    signal: new AbortController().signal,
    ...options,
  })
  const [settled] = await Promise.allSettled([outcome])
  return { settled, notes }
}

beforeAll(async () => {
  postgres = await startTestPostgres()
  const { host, port, user, password } = postgres
  server = parsePostgresUrl(`postgresql://${user}:${password}@${host}:${port}/postgres`, '--rehearsal-postgres')
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syn2op-left-'))
  vi.stubEnv('TMPDIR', folder)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const name of await databases()) await postgres.execute('postgres', `DROP DATABASE "${name}" WITH (FORCE)`)
  await rm(folder, { recursive: true, force: true })
})

describe('what cannot be ended after a rehearsal', () => {
  it('keeps its document from nobody, stays noted, and is told with the command that ends it', async () => {
    const { settled, notes } = await rehearsing({ look: takeAway })
    expect(settled).toMatchObject({ status: 'fulfilled', value: { kind: 'rehearsal', verdict: 'passed' } })
    const [id = ''] = await leases()
    expect(notes.filter((note) => note.includes(id))).toEqual([
      expect.stringMatching(/^Left of the rehearsal \S+: the database syn2op_rehearsal_\S+ .*, and it stays$/u),
      `To end it: TMPDIR=${folder} syn2op rehearse --clean ${id} --rehearsal-postgres postgresql://db.example/postgres`,
    ])
  })

  it('does not hide why the rehearsal itself ended', async () => {
    const { settled, notes } = await rehearsing({
      people: async ({ createDatabase }) => {
        await createDatabase('synapse')
        await takeAway()
        throw new Error('the first reason')
      },
    })
    expect(settled).toMatchObject({ status: 'rejected', reason: { message: 'the first reason' } })
    expect(notes.join('\n')).toContain('Left of the rehearsal')
  })

  it('is not said to be gone where the rehearsal was stopped', async () => {
    const stop = new AbortController()
    const { settled } = await rehearsing({
      signal: stop.signal,
      people: async ({ createDatabase }) => {
        await createDatabase('synapse')
        await takeAway()
        stop.abort()
        throw new Error('stopped')
      },
    })
    expect(settled).toMatchObject({
      status: 'rejected',
      reason: {
        code: 'run.interrupted',
        message: 'The rehearsal was stopped; something of it is left, as told above',
        next: [expect.stringMatching(/^TMPDIR=\S+ syn2op rehearse --clean \S+ --rehearsal-postgres /u)],
      },
    })
  })
})

describe('what is kept on a server that a flag had named', () => {
  it('is ended by the command that was told', async () => {
    const place = await makeRehearsalPlace()
    onTestFinished(() => place.remove())
    const { host, port, user, password } = postgres
    const passfile = join(folder, 'passfile')
    await writeFile(passfile, `*:*:*:*:${password}\n`, { mode: 0o600 })
    const env = { TMPDIR: place.temporary }
    const given = `--rehearsal-postgres=postgresql://${user}@${host}:${port}/postgres?passfile=${passfile}`
    const document = await place.rehearse(['--demo', '--accounts=30', '--damage=none', '--keep', given], { env })
    expect(await databases()).not.toEqual([])
    const cleaned = await runTyped(document.kept?.end ?? '', { folder: place.folder, env })
    expect([cleaned.code, cleaned.stdout]).toEqual([0, expect.stringContaining('the database syn2op_rehearsal_')])
    expect(await databases()).toEqual([])
  })
})
