import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
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

const migrated = async (): Promise<RunDocument> => told(await syn2op('migrate', '--yes', '--json'), 0) as RunDocument

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

  test('is not taken back where it changed accounts that were there before: the target keeps nothing of what they were', async () => {
    await migrated()
    await inSynapse(
      `UPDATE users SET password_hash = '$2b$12$other' WHERE coalesce(password_hash, '') <> '' AND name LIKE '@a%'`,
    )
    await migrated()
    const before = await road.people()
    const refused = await syn2op('rollback', 'last', '--yes')
    expect(refused.code).toBe(64)
    expect(refused.stderr).toMatch(/changed \d+ accounts that were there before .*keeps nothing of what they were/su)
    expect(await road.people()).toEqual(before)
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
