import { spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import type { PlanDocument, RunDocument, VerifyDocument } from '../../src/report/documents.ts'
import { type ProgramEnd, startBuiltProgram, untilTold } from '../support/built-program.ts'
import { AS_OF, type DemoRoad, makeDemoRoad } from '../support/demo-road.ts'
import { testPostgres } from '../support/postgres.ts'
import { writeSqliteHomeserver } from '../support/sqlite-homeserver.ts'

const postgres = testPostgres()
let road: DemoRoad
/** Where the program puts what it throws away. */
let temporary: string
let homeserver: string

beforeAll(async () => {
  road = await makeDemoRoad(postgres, { name: 'sqlite_program', accounts: 400, damage: 'all' })
  const client = await postgres.superuser(road.synapse)
  await writeSqliteHomeserver(client, join(road.folder, 'homeserver.db')).finally(() => client.end())
  temporary = await mkdtemp(join(tmpdir(), 'syn2op-thrown-away-'))
  // As root the database runs as somebody else.
  await chmod(temporary, 0o755)
  // As Synapse's documentation writes it: relative, here to the folder of the configuration.
  const yaml = parse(await readFile(road.files.homeserver, 'utf8')) as Record<string, unknown>
  homeserver = join(road.folder, 'lite.yaml')
  await writeFile(
    homeserver,
    stringify({ ...yaml, database: { name: 'sqlite3', args: { database: 'homeserver.db' } } }),
  )
})
afterAll(async () => {
  await road.remove()
  await rm(temporary, { recursive: true, force: true })
})

/** Node itself keeps what it compiled. */
const leftOver = async (): Promise<readonly string[]> =>
  (await readdir(temporary)).filter((name) => name !== 'node-compile-cache')

const ACCEPTED = ['--accept=all-warnings', '--accept=SYNAPSE_BACKGROUND_UPDATES', '--accept=NO_BACKUP']

const start = (args: readonly string[], config = homeserver) =>
  startBuiltProgram([...args, `--synapse-config=${config}`, `--target-config=${road.files.mas}`, ...ACCEPTED], {
    folder: road.folder,
    env: { TMPDIR: temporary },
  })

const say = async (args: readonly string[], config?: string): Promise<ProgramEnd & { readonly document: unknown }> => {
  const end = await start([...args, '--json'], config).ended
  expect([end.code, end.code === 0 ? '' : end.stdout + end.stderr]).toEqual([0, ''])
  return { ...end, document: JSON.parse(end.stdout) }
}

const planned = async (config?: string): Promise<PlanDocument> =>
  (await say(['plan', '--as-of', AS_OF], config)).document as PlanDocument

describe('syn2op, of a SQLite homeserver,', () => {
  it('plans what it plans of the same one on PostgreSQL', async () => {
    const staged = await planned()
    const same = await planned(road.files.homeserver)
    const ofRows = ({ relations, cohorts, providers, people, predictions, fingerprints }: PlanDocument) => ({
      relations,
      cohorts,
      providers,
      people,
      predictions,
      fingerprints,
    })
    expect(ofRows(staged)).toEqual(ofRows(same))
    // What is told of the rows is the same; of servers there is nothing to say.
    const counted = ({ findings }: PlanDocument) =>
      findings.filter(({ code }) => !code.startsWith('SYNAPSE_')).map(({ code, count }) => [code, count])
    expect(counted(staged)).toEqual(counted(same))
    expect(staged.source.location).toBe(`SQLite ${join(road.folder, 'homeserver.db')} (staged)`)
  })

  it('migrates it and proves it; each command stages it again, and leaves nothing behind', async () => {
    const { document, stderr } = await say(['migrate', '--yes', '--as-of', AS_OF])
    expect(stderr).toMatch(/Staged \d+ tables, [0-9,]+ rows, [0-9.]+ MB in [0-9.]+ s/)
    expect((document as RunDocument).source.location).toContain('(staged)')
    const verified = (await say(['verify'])).document as VerifyDocument
    expect(verified.tables.length).toBeGreaterThan(3)
    expect(verified.tables.filter(({ missing, extra, differing }) => missing + extra + differing > 0)).toEqual([])
    expect(await leftOver()).toEqual([])
  })

  it('leaves nothing behind when it is killed, and deletes what a machine that went down has left', async () => {
    const { pid } = spawnSync(process.execPath, ['--version'])
    const left = join(temporary, `syn2op-sqlite-${pid}-0123456789ab`)
    await mkdir(join(left, 'data'), { recursive: true })
    await utimes(left, 0, 0)
    // Since the machine was started, the number of whoever left it may be somebody else's.
    const numberGivenAnew = join(temporary, `syn2op-sqlite-${process.pid}-0123456789ab`)
    await mkdir(join(numberGivenAnew, 'data'), { recursive: true })
    await utimes(numberGivenAnew, 0, 0)
    const blocker = await postgres.superuser(road.mas)
    try {
      // Nobody reads MAS any more, so that the plan has not ended before it is killed.
      await blocker.query('BEGIN')
      await blocker.query('LOCK TABLE users IN ACCESS EXCLUSIVE MODE')
      const program = start(['plan'])
      await untilTold(program, 'Staged')
      expect(await leftOver()).toEqual([expect.stringMatching(`^syn2op-sqlite-${program.child.pid}-`)])
      program.child.kill('SIGKILL')
      expect(await program.ended).toMatchObject({ signal: 'SIGKILL' })
    } finally {
      await blocker.end()
    }
    const deadline = Date.now() + 30_000
    while ((await leftOver()).length > 0 && Date.now() < deadline) await sleep(50)
    expect(await leftOver()).toEqual([])
  })
})
