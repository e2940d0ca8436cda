import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { PlanDocument, RunDocument, VerifyDocument } from '../../../src/report/documents.ts'
import type { ExplanationDocument } from '../../../src/report/explanation.ts'
import { testPostgres } from '../../support/postgres.ts'
import { type ProgramResult, runProgram } from '../../support/run-program.ts'
import { makeToyRoad, type ToyRoad } from '../../support/toy-road.ts'

const postgres = testPostgres()
let road: ToyRoad

const syn2op = (command: string, ...flags: readonly string[]): Promise<ProgramResult> =>
  runProgram([command, ...road.flags, ...(flags.includes('--resume') ? [] : [road.asOf]), ...flags], {
    folder: road.folder,
  })

/** The document of a command that ended as it should. */
const told = ({ code, stdout, stderr }: ProgramResult, ends: number): unknown => {
  expect({ code, stdout, stderr }).toMatchObject({ code: ends })
  return JSON.parse(stdout)
}

const migrated = async (...flags: readonly string[]): Promise<RunDocument> =>
  told(await syn2op('migrate', '--yes', '--json', ...flags), 0) as RunDocument

const migratedPeople = async (): ReturnType<ToyRoad['people']> => {
  await migrated()
  return road.people()
}

const count = ({ outcomes = [] }: RunDocument | PlanDocument, outcome: string): number =>
  outcomes.find((one) => one.outcome === outcome)?.count ?? 0

const inAll = ({ outcomes = [] }: RunDocument | PlanDocument): number =>
  outcomes.reduce((sum, one) => sum + one.count, 0)

beforeAll(async () => {
  road = await makeToyRoad(postgres, { name: 'slow_road', accounts: 120 })
})
afterAll(() => road.remove())
beforeEach(async () => {
  await road.empty()
  await road.configure({})
})

describe('a target without a road by SQL', () => {
  test('gets everybody; nobody is left out of the counts; a second run changes nothing', async () => {
    const plan = told(await syn2op('plan', '--json'), 0) as PlanDocument
    expect(await road.people()).toEqual({})
    const run = await migrated()
    const accounts = run.relations.find(({ relation }) => relation === 'account')
    expect(count(run, 'created')).toBe(accounts?.carried)
    expect(inAll(run)).toBe(accounts?.read)
    expect(plan.outcomes).toEqual(run.outcomes)
    expect(plan.changes).toEqual(run.changes)
    const carried = run.relations.filter((one) => one.carried > 0).map((one) => [one.relation, one.carried])
    expect(run.changes?.map(({ relation, create }) => [relation, create])).toEqual(carried)
    const people = await road.people()
    expect(Object.keys(people)).toHaveLength(count(run, 'created'))
    const again = await migrated()
    expect(count(again, 'unchanged')).toBe(count(run, 'created'))
    expect(count(again, 'created') + count(again, 'updated')).toBe(0)
    expect(await road.people()).toEqual(people)
  })

  test('is asked what would become of one account, with what would be carried of it', async () => {
    const [mxid = ''] = Object.keys(await migratedPeople())
    await road.empty()
    const explained = told(await syn2op('explain', mxid, '--json'), 0) as ExplanationDocument
    expect(explained.target).toMatchObject({ change: 'create' })
    await migrated()
    expect(told(await syn2op('explain', mxid, '--json'), 0)).toMatchObject({ target: { change: 'unchanged' } })
  })

  test('is verified: everything as it should be, then a password that is missing', async () => {
    await migrated()
    const sound = told(await syn2op('verify', '--json'), 0) as VerifyDocument
    expect(sound.tables.map(({ missing, extra, differing }) => missing + extra + differing)).toEqual(
      sound.tables.map(() => 0),
    )
    await road.empty()
    const wrong = told(await syn2op('verify', '--json'), 12) as VerifyDocument
    const accounts = wrong.tables.find(({ table }) => table === 'account')
    expect(accounts?.missing).toBe(accounts?.wanted)
    expect(wrong.differences.some(({ kind, table }) => kind === 'missing' && table === 'password')).toBe(true)
  })

  test('whom it refuses is rejected in its own words, the others are written, and the command says so by 3', async () => {
    const refused = '@refused:demo.example'
    await postgres.execute(
      road.synapse,
      `INSERT INTO users (name, creation_ts, admin, is_guest, deactivated) VALUES ('${refused}', 1700000000, 0, 0, 0)`,
    )
    try {
      await road.configure({ refuse: [refused] })
      const run = told(await syn2op('migrate', '--yes', '--json'), 3) as RunDocument
      expect(count(run, 'rejected')).toBe(1)
      expect(Object.keys(await road.people())).not.toContain(refused)
      const record = await readFile(join(road.runs, run.runId, 'accounts.ndjson'), 'utf8')
      expect(record).toContain('this name is not allowed here')
      await road.configure({})
      expect(count(await migrated(), 'created')).toBe(1)
    } finally {
      await postgres.execute(road.synapse, `DELETE FROM users WHERE name = '${refused}'`)
    }
  })

  test('gets no more than --limit, however often the run is gone on with', async () => {
    await migrated()
    const [refused = ''] = Object.keys(await road.people()).slice(15)
    await road.empty()
    await road.configure({ refuse: [refused], batchSize: 10 })
    const early = told(
      await syn2op('migrate', '--yes', '--json', '--concurrency=1', '--limit=40', '--max-rejected=0'),
      3,
    ) as RunDocument
    expect(early).toMatchObject({ limit: 40, endedEarly: { why: 'too many rejected' } })
    const begun = Object.keys(await road.people()).length
    expect(begun).toBeLessThan(40)
    await road.configure({ batchSize: 10 })
    const resumed = await migrated('--resume', '--limit=40')
    expect(resumed.limit).toBe(40)
    const there = Object.keys(await road.people()).length
    expect(there).toBeGreaterThan(begun)
    expect(there).toBeLessThanOrEqual(40)
  })

  test('gets as many as --limit says, however many before them are held back', async () => {
    const heldBack = count(await migrated(), 'held back')
    expect(heldBack).toBeGreaterThan(3)
    await road.empty()
    await road.configure({ batchSize: 10 })
    expect(count(await migrated('--limit=3'), 'created')).toBe(3)
  })

  test('gets others with --limit than those it refused before', async () => {
    await migrated()
    const refuse = Object.keys(await road.people()).slice(0, 60)
    await road.empty()
    await road.configure({ refuse, batchSize: 10 })
    const limited = async () => told(await syn2op('migrate', '--yes', '--json', '--limit=40'), 3) as RunDocument
    expect(count(await limited(), 'created')).toBe(0)
    expect(count(await limited(), 'created')).toBeGreaterThan(0)
  })

  test('whoever waits for others comes after all of them, and is counted and told once', async () => {
    await migrated()
    const people = Object.keys(await road.people())
    await road.empty()
    const waits = people.filter((_, index) => index % 3 === 0)
    await road.configure({ waits, batchSize: 10 })
    const plan = told(await syn2op('plan', '--json'), 0) as PlanDocument
    const run = await migrated()
    expect(count(run, 'created')).toBe(people.length)
    expect(plan.outcomes).toEqual(run.outcomes)
    expect(Object.keys(await road.people()).toSorted()).toEqual(people.toSorted())
    const events = await readFile(join(road.runs, run.runId, 'events.ndjson'), 'utf8')
    const batches = events.split('\n').filter((line) => line.includes('"event":"batch"'))
    const created = batches.map((line) => Number(JSON.parse(line).accounts.created ?? 0))
    expect(created.reduce((sum, one) => sum + one, 0)).toBe(people.length)
    expect(batches.join('')).not.toContain('not attempted')
  })

  test('loses whom the source has no longer', async () => {
    const leaver = '@leaver:demo.example'
    await postgres.execute(
      road.synapse,
      `INSERT INTO users (name, creation_ts, admin, is_guest, deactivated) VALUES ('${leaver}', 1700000000, 0, 0, 0)`,
    )
    await migrated()
    expect(Object.keys(await road.people())).toContain(leaver)
    await postgres.execute(road.synapse, `DELETE FROM users WHERE name = '${leaver}'`)
    const run = await migrated()
    expect(count(run, 'removed')).toBe(1)
    expect(Object.keys(await road.people())).not.toContain(leaver)
  })

  test('keeps no secret of anybody in the folder of its run', async () => {
    const run = await migrated()
    const folder = join(road.runs, run.runId)
    const rows = await postgres.execute(
      road.synapse,
      `SELECT password_hash AS secret FROM users WHERE length(password_hash) > 8
       UNION SELECT token FROM access_tokens WHERE length(token) > 8
       UNION SELECT token FROM refresh_tokens WHERE length(token) > 8`,
    )
    expect(rows.length).toBeGreaterThan(100)
    const names = await readdir(folder)
    expect(names).toContain('journal.sqlite')
    const held = Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))))
    expect(rows.filter(({ secret }) => held.includes(String(secret)))).toEqual([])
  })

  test('has nothing to resume when no run was left', async () => {
    const { code, stdout } = await syn2op('migrate', '--yes', '--json', '--resume')
    expect(code).toBe(64)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'run.missing' } })
  })
})
