import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PlanDocument, RunDocument } from '../../../src/report/documents.ts'
import { born } from '../../support/migration/stages.ts'
import { testPostgres } from '../../support/postgres.ts'
import { type ProgramResult, runProgram } from '../../support/run-program.ts'
import { makeToyRoad, type ToyRoad } from '../../support/toy-road.ts'

const postgres = testPostgres()
let road: ToyRoad

const syn2op = (command: string, ...flags: readonly string[]): Promise<ProgramResult> =>
  runProgram([command, ...road.flags, ...flags], { folder: road.folder })

const told = ({ code, stdout, stderr }: ProgramResult, ends: number): unknown => {
  expect({ code, stdout, stderr }).toMatchObject({ code: ends })
  return JSON.parse(stdout)
}

const inSynapse = (statement: string) => postgres.execute(road.synapse, statement)

const isDeactivated = (flag: 0 | 1) =>
  inSynapse(`UPDATE users SET deactivated = ${flag} WHERE name = '@stays:demo.example'`)

beforeAll(async () => {
  road = await makeToyRoad(postgres, { name: 'slow_bound_plan', accounts: 60 })
  await inSynapse(born('stays'))
})
afterAll(() => road.remove())

test('a migration account by account is bound to a plan from file to file, and keeps it when it is resumed', async () => {
  const mapping = join(road.folder, 'rules.yaml')
  await writeFile(mapping, 'version: 1\naccounts:\n  deactivated: hold_back\n')
  const rules = `--mapping=${mapping}`
  const planned = told(await syn2op('plan', '--json', '--out=plan.json', rules, road.asOf), 0) as PlanDocument
  expect(planned.decided).toBeUndefined()
  const file = join(road.folder, 'plan.json')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const text = await readFile(file, 'utf8')
  const { decided } = JSON.parse(text) as PlanDocument
  const created = planned.outcomes?.find(({ outcome }) => outcome === 'created')?.count
  expect(decided).toMatchObject({ road: 'merge', outcomes: [{ outcome: 'created', count: created }] })

  // It ends early, and goes on without being told of its plan.
  const refuse = ['@stays:demo.example']
  await road.configure({ refuse, batchSize: 10 })
  const early = told(
    await syn2op('migrate', '--yes', '--json', '--plan=plan.json', '--max-rejected=0', '--concurrency=1', rules),
    3,
  ) as RunDocument
  expect(early).toMatchObject({ drift: { newAccounts: 0, goneAccounts: 0, rows: [] } })
  // What stands for now is the run's own: what expired since the plan is not to live again.
  expect(early.asOf).not.toBe(planned.asOf)
  await road.configure({})
  const people = await road.people()
  await isDeactivated(1)
  const resumed = await syn2op('migrate', '--yes', '--resume', rules)
  expect(resumed).toMatchObject({ code: 12, stderr: expect.stringContaining('@stays:demo.example') })
  expect(await road.people()).toEqual(people)
  await isDeactivated(0)
  await inSynapse(born('later'))
  const ended = told(await syn2op('migrate', '--yes', '--json', '--resume', rules), 0) as RunDocument
  expect(ended.asOf).toBe(early.asOf)
  expect(ended.drift).toMatchObject({ newAccounts: 1, goneAccounts: 0 })
  expect(Object.keys(await road.people())).toEqual(
    expect.arrayContaining(['@stays:demo.example', '@later:demo.example']),
  )
})
