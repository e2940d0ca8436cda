import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openJournal } from '../../../src/migration/slow-road/journal.ts'
import type { RunDocument } from '../../../src/report/documents.ts'
import type { RollbackDocument } from '../../../src/report/rollback-document.ts'
import type { RunsDocument } from '../../../src/report/runs-document.ts'
import { testPostgres } from '../../support/postgres.ts'
import { type ProgramResult, runProgram } from '../../support/run-program.ts'
import { makeToyRoad, type ToyRoad } from '../../support/toy-road.ts'

const postgres = testPostgres()
let road: ToyRoad

const syn2op = (...words: readonly string[]): Promise<ProgramResult> =>
  runProgram([...words, ...road.flags, road.asOf], { folder: road.folder })

/** The document of a command that ended as it should. */
const told = ({ code, stdout, stderr }: ProgramResult, ends: number): unknown => {
  expect({ code, stdout, stderr }).toMatchObject({ code: ends })
  return JSON.parse(stdout)
}

const migrated = async (...flags: readonly string[]): Promise<RunDocument> =>
  told(await syn2op('migrate', '--yes', '--json', ...flags), 0) as RunDocument

/** A run that ends before everybody is there, and the one that goes on with it. */
const migratedInTwo = async (): Promise<readonly [RunDocument, RunDocument]> => {
  await inSynapse(NEWCOMER)
  await road.configure({ refuse: ['@newcomer:demo.example'], batchSize: 5 })
  const first = told(await syn2op('migrate', '--yes', '--json', '--max-rejected', '0'), 3) as RunDocument
  await road.configure({})
  const { folder, flags } = road
  const resumed = await runProgram(['migrate', '--yes', '--json', '--resume', ...flags], { folder })
  return [first, told(resumed, 0) as RunDocument]
}

const count = ({ outcomes = [] }: RunDocument | RollbackDocument, outcome: string): number =>
  outcomes.find((one) => one.outcome === outcome)?.count ?? 0

const rolledBack = async (what: string): Promise<RollbackDocument> =>
  told(await syn2op('rollback', what, '--yes', '--json'), 0) as RollbackDocument

const inSynapse = (statement: string) => postgres.execute(road.synapse, statement)

const NEWCOMER = `INSERT INTO users (name, creation_ts, admin, is_guest, deactivated)
  VALUES ('@newcomer:demo.example', 1700000000, 0, 0, 0)`

beforeAll(async () => {
  road = await makeToyRoad(postgres, { name: 'slow_rollback', accounts: 60 })
})
afterAll(() => road.remove())
beforeEach(async () => {
  await road.empty()
  await road.configure({})
  await inSynapse(`DELETE FROM users WHERE name = '@newcomer:demo.example'`)
})

describe('a run into a target without a road by SQL', () => {
  test('is taken back: everybody it created is gone, and can be migrated again', async () => {
    const { runId } = await migrated()
    const people = await road.people()
    const document = await rolledBack(runId)
    expect(document).toMatchObject({
      of: { kind: 'run', name: runId },
      accounts: Object.keys(people).length,
      used: 0,
      outcomes: [{ outcome: 'removed', count: Object.keys(people).length }],
    })
    expect(await road.people()).toEqual({})
    const again = await migrated()
    expect(again.outcomes?.find(({ outcome }) => outcome === 'created')?.count).toBe(Object.keys(people).length)
    expect(Object.keys(await road.people())).toEqual(Object.keys(people))
  })

  test('of which nobody is says which run made those who are there, and what takes that back', async () => {
    const made = await migrated()
    await migrated()
    const people = await road.people()
    const document = await rolledBack('last')
    expect(document).toMatchObject({
      accounts: 0,
      standing: [{ runId: made.runId, accounts: Object.keys(people).length }],
    })
    expect(await road.people()).toEqual(people)
    const shown = await runProgram(['report', 'last', `--runs-dir=${road.runs}`], { folder: road.folder })
    expect(shown.stdout).toContain(`syn2op rollback ${made.runId}`)
    expect(await rolledBack(made.runId)).not.toHaveProperty('standing')
    expect(await road.people()).toEqual({})
  })

  test('goes alone, and is in the list of the runs beside its rollback', async () => {
    await migrated()
    const before = await road.people()
    await inSynapse(NEWCOMER)
    await migrated()
    const { runId } = await rolledBack('last')
    expect(await road.people()).toEqual(before)
    const { runs } = told(
      await runProgram(['runs', 'list', '--json', `--runs-dir=${road.runs}`], { folder: road.folder }),
      0,
    ) as RunsDocument
    expect(runs[0]).toMatchObject({ runId, kind: 'rollback', state: 'done', accounts: 1 })
    const shown = await runProgram(['report', 'last', `--runs-dir=${road.runs}`], { folder: road.folder })
    expect(shown.stdout).toContain('Taken back run')
    const record = await readFile(join(road.runs, runId ?? '', 'accounts.ndjson'), 'utf8')
    expect(JSON.parse(record)).toEqual({ mxid: '@newcomer:demo.example', decision: 'take back', outcome: 'removed' })
  })

  test('goes with the run that it went on with, whichever of the two is named, and both once', {
    timeout: 600_000,
  }, async () => {
    const [first, second] = await migratedInTwo()
    const everybody = Object.keys(await road.people()).length
    expect(count(first, 'created')).toBeGreaterThan(0)
    expect(count(second, 'created')).toBe(everybody)
    const shown = (await syn2op('rollback', first.runId)).stdout
    expect(shown).toContain(`What taking back run ${first.runId} would do`)
    expect(shown.replaceAll(/\s+/gu, ' ')).toContain(`went on with each other: ${second.runId}, ${first.runId}.`)
    expect(shown).toContain(`${everybody} accounts to be taken back.`)
    const document = await rolledBack('last')
    expect(document).toMatchObject({
      of: { name: second.runId },
      runs: [second.runId, first.runId],
      accounts: everybody,
      outcomes: [{ outcome: 'removed', count: everybody }],
    })
    expect(await road.people()).toEqual({})
    const nothing = await syn2op('rollback', 'last', '--yes')
    expect(nothing.code).toBe(64)
    expect(nothing.stderr).toContain('there is nothing to take back')
    const again = await syn2op('rollback', first.runId, '--yes')
    expect(again.code).toBe(64)
    expect(again.stderr).toContain(`Run ${first.runId} has been taken back already`)
    const unfinished = await runProgram(['migrate', '--yes', '--resume', ...road.flags], { folder: road.folder })
    expect(unfinished.stderr).toContain('no unfinished run')
  })

  test('is the last one until it is taken back; one that died before it sent anything is not', {
    timeout: 600_000,
  }, async () => {
    const first = await migrated()
    const before = await road.people()
    await inSynapse(NEWCOMER)
    const second = await migrated()
    const runId = '20991231-235959-dead'
    await mkdir(join(road.runs, runId))
    const journal = openJournal(join(road.runs, runId, 'journal.sqlite'))
    const died = openJournal(join(road.runs, second.runId, 'journal.sqlite'))
    const head = died.head()
    if (head === undefined) throw new Error('the run has no head')
    journal.write({ ...head, runId, state: 'deciding' })
    died.close()
    journal.close()

    const wrote = await syn2op('rollback', runId, '--yes')
    expect(wrote.code).toBe(64)
    expect(wrote.stderr).toContain('ended before it wrote anything')
    expect((await rolledBack('last')).of.name).toBe(second.runId)
    expect(await road.people()).toEqual(before)
    expect((await rolledBack('last')).of.name).toBe(first.runId)
    expect(await road.people()).toEqual({})
  })

  test('is known to be gone where the rollback died before it could say so, when it is repeated and when it is not', {
    timeout: 600_000,
  }, async () => {
    const { runId } = await migrated()
    const everybody = Object.keys(await road.people()).length
    await road.configure({ thenSignal: 'SIGKILL', batchSize: 1000 })
    expect((await syn2op('rollback', 'last', '--yes')).code).toBeNull()
    expect(await road.people()).toEqual({})
    await road.configure({})
    // Nobody has repeated it yet: who is gone is looked at again.
    expect(count(await migrated('--limit', '3'), 'created')).toBe(3)
    expect(Object.keys(await road.people())).toHaveLength(3)

    const repeated = await rolledBack(runId)
    expect(repeated).toMatchObject({ accounts: everybody - 3, runs: [runId] })
    expect(Object.keys(await road.people())).toHaveLength(3)
    expect((await syn2op('rollback', runId, '--yes')).stderr).toContain('has been taken back already')
    expect(count(await migrated('--limit', '4'), 'created')).toBe(4)
    expect(count(await migrated(), 'created')).toBe(everybody - 7)
  })

  test('ends at Ctrl-C after what is under way, and says how to go on: the same command does the rest', {
    timeout: 600_000,
  }, async () => {
    const [first, second] = await migratedInTwo()
    const both = await road.people()
    await road.configure({ thenSignal: 'SIGINT', afterwards: 1000 })
    const stopped = await syn2op('rollback', 'last', '--yes')
    expect({ ...stopped, stdout: '' }).toMatchObject({ code: 130 })
    expect(stopped.stderr).toContain('Finishing what is under way')
    expect(stopped.stderr).toContain(
      `What is taken back stays so. Go on with it: syn2op rollback ${second.runId} --yes`,
    )
    const some = Object.keys(await road.people()).length
    expect(some).toBeGreaterThan(0)
    expect(some).toBeLessThan(Object.keys(both).length)

    // What is under way ends with its report.
    await road.configure({})
    const document = await rolledBack(second.runId)
    expect(document).toMatchObject({ runs: [second.runId, first.runId], used: 0 })
    expect(count(document, 'removed')).toBe(some)
    expect(await road.people()).toEqual({})
  })

  test('leaves whom an earlier run created, and what is left of it is known to be there', {
    timeout: 600_000,
  }, async () => {
    await inSynapse(NEWCOMER)
    await migrated()
    const before = await road.people()
    await inSynapse(`INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at)
      VALUES ('@newcomer:demo.example', 'email', 'newcomer@example.org', 1700000000000, 1700000000000)`)
    try {
      expect(count(await migrated(), 'updated')).toBe(1)
      await rolledBack('last')
      expect(await road.people()).toEqual(before)
    } finally {
      await inSynapse(`DELETE FROM user_threepids WHERE user_id = '@newcomer:demo.example'`)
    }
    await inSynapse(`DELETE FROM users WHERE name = '@newcomer:demo.example'`)
    expect(count(await migrated(), 'removed')).toBe(1)
    expect(Object.keys(await road.people())).not.toContain('@newcomer:demo.example')
  })

  test('is not taken back where it changed accounts that were there before: the target keeps nothing of what they were', async () => {
    await migrated()
    await inSynapse(
      `UPDATE users SET password_hash = '$2b$12$other' WHERE coalesce(password_hash, '') <> '' AND name LIKE '@a%'`,
    )
    await migrated()
    const before = await road.people()
    const refused = await syn2op('rollback', 'last', '--yes')
    expect(refused.code).toBe(64)
    expect(refused.stderr).toMatch(/changed \d+ accounts that were there before.*keeps nothing of what they were/su)
    expect(await road.people()).toEqual(before)
  })

  test('is not taken back where it died over accounts that were there before: what it changed of them, nobody knows', {
    timeout: 600_000,
  }, async () => {
    await migrated()
    await inSynapse(
      `UPDATE users SET password_hash = '$2b$12$third' WHERE coalesce(password_hash, '') <> '' AND name LIKE '@a%'`,
    )
    await road.configure({ diesOfWriting: true })
    const { folder, flags } = road
    expect((await syn2op('migrate', '--yes')).code).toBeNull()
    await road.configure({})
    told(await runProgram(['migrate', '--yes', '--json', '--resume', ...flags], { folder }), 0)
    const after = await road.people()
    const refused = await syn2op('rollback', 'last', '--yes')
    expect(refused.code).toBe(64)
    expect(refused.stderr).toMatch(/or died while it was about to .*keeps nothing of what they were/su)
    expect(await road.people()).toEqual(after)
  })

  test('asks first; nobody answers without a terminal', async () => {
    await migrated()
    const before = await road.people()
    const asked = await syn2op('rollback', 'last')
    expect(asked.code).toBe(64)
    expect(asked.stderr).toContain('--yes')
    expect(asked.stdout).toContain('What taking back run')
    expect(await road.people()).toEqual(before)
  })

  test('accounts that people use cannot be asked for, and an unknown run is named', async () => {
    await migrated()
    expect((await syn2op('rollback', 'last', '--yes', '--used', 'remove')).stderr).toContain('always stay as they are')
    expect((await syn2op('rollback', '20200101-000000-abcd', '--yes')).stderr).toContain(
      'has no run 20200101-000000-abcd',
    )
  })
})
