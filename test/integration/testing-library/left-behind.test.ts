import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { openRehearsals, type RehearsalOptions, rehearse, syntheticHomeserver } from '../../../src/testing.ts'
import { type OwnPostgres, startTestPostgres } from '../../support/postgres.ts'

// Its own: others look for what rehearsals have left on the server that all share.
let postgres: OwnPostgres
let folder: string
let backends: { readonly postgres: string }

const people = syntheticHomeserver({ people: [{ localpart: 'alice', password: 'correct horse' }] })
const databases = (): ReturnType<OwnPostgres['execute']> =>
  postgres.execute(
    'postgres',
    `SELECT datname, shobj_description(oid, 'pg_database') AS mark FROM pg_database WHERE datname LIKE 'syn2op_rehearsal_%'`,
  )

/** Says of a rehearsal's databases, as soon as it has marked them, that they are somebody else's: it may not drop them any more. */
const takingAway = async <Result>(rehearsing: Promise<Result>): Promise<Result> => {
  const state = { isOver: false }
  const taking = async (): Promise<void> => {
    while (!state.isOver) {
      for (const { datname, mark } of await databases()) {
        if (mark === null || mark === 'mine now') continue
        await postgres.execute('postgres', `COMMENT ON DATABASE "${String(datname)}" IS 'mine now'`)
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const taken = taking()
  try {
    return await rehearsing
  } finally {
    state.isOver = true
    await taken
  }
}

beforeAll(async () => {
  postgres = await startTestPostgres()
  const { host, port, user, password } = postgres
  backends = { postgres: `postgresql://${user}:${password}@${host}:${port}/postgres` }
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syn2op-testing-left-'))
  vi.stubEnv('TMPDIR', folder)
  vi.spyOn(console, 'warn').mockReturnValue()
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  for (const { datname } of await databases())
    await postgres.execute('postgres', `DROP DATABASE "${String(datname)}" WITH (FORCE)`)
  await rm(folder, { recursive: true, force: true })
})

const toldOf = async (): Promise<readonly unknown[]> => {
  const [id = 'no lease is left'] = await readdir(join(folder, `syn2op-rehearsals-${process.getuid?.()}`))
  const left = new RegExp(`^Left of the rehearsal ${id}: the database syn2op_rehearsal_\\S+ .*, and it stays$`, 'u')
  return [expect.stringMatching(left), `To end it: TMPDIR=${folder} syn2op rehearse --clean ${id}`]
}

const withShared = async (options: RehearsalOptions) => {
  await using rehearsals = await openRehearsals({ backends })
  return await rehearsals.rehearse(options)
}

describe('what a rehearsal in a test cannot end', () => {
  it.each([
    { by: 'rehearse', run: (options: RehearsalOptions) => rehearse({ backends, ...options }) },
    { by: 'openRehearsals', run: withShared },
  ])('is told as a warning by $by, and nothing else is, where no note is given', async ({ run }) => {
    const result = await takingAway(run({ people, target: 'auth0' }))
    expect(result.verdict).toBe('passed')
    expect(vi.mocked(console.warn).mock.calls.flat()).toEqual(await toldOf())
  })

  it('is told to the note that is given, beside the rest, and is no warning then', async () => {
    const notes: string[] = []
    const note = (message: string): void => void notes.push(message)
    await takingAway(rehearse({ people, target: 'auth0', backends, note }))
    expect(notes.slice(-2)).toEqual(await toldOf())
    expect(notes.length).toBeGreaterThan(2)
    expect(console.warn).not.toHaveBeenCalled()
  })
})
