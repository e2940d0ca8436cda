import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { PlanDocument, RunDocument, VerifyDocument } from '../../../src/report/documents.ts'
import type { StatusDocument } from '../../../src/report/status.ts'
import { testPostgres } from '../../support/postgres.ts'
import { type ProgramResult, runProgram } from '../../support/run-program.ts'
import { makeToyRoad, type ToyRoad } from '../../support/toy-road.ts'

const postgres = testPostgres()
let road: ToyRoad

const RULES = `
cohorts:
  - { name: admins, match: { admin: true } }
  - { name: quarter, match: { percent: 25 } }
  - { name: named, match: { list: names.txt } }
`
const COHORTS = ['admins', 'quarter', 'named', 'rest']

const mapping = (text: string): Promise<void> => writeFile(join(road.folder, 'rules.yaml'), text)

const syn2op = (command: string, ...flags: readonly string[]): Promise<ProgramResult> =>
  runProgram(
    [
      command,
      ...road.flags,
      '--mapping=rules.yaml',
      ...(flags.includes('--resume') ? [] : [road.asOf]),
      '--json',
      ...flags,
    ],
    { folder: road.folder },
  )

const told = ({ code, stdout, stderr }: ProgramResult, ends: number): unknown => {
  expect({ code, stdout, stderr }).toMatchObject({ code: ends })
  return JSON.parse(stdout)
}

const migrated = async (...flags: readonly string[]): Promise<RunDocument> =>
  told(await syn2op('migrate', '--yes', ...flags), 0) as RunDocument

const planned = async (...flags: readonly string[]): Promise<PlanDocument> =>
  told(await syn2op('plan', ...flags), 0) as PlanDocument

const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0)

const count = ({ outcomes = [] }: RunDocument | PlanDocument, outcome: string): number =>
  outcomes.find((one) => one.outcome === outcome)?.count ?? 0

const inAll = ({ outcomes = [] }: RunDocument | PlanDocument): number => sum(outcomes.map((one) => one.count))

const membersOf = ({ cohorts = [] }: PlanDocument): Readonly<Record<string, number>> =>
  Object.fromEntries(cohorts.map(({ cohort, read }) => [cohort, read]))

const execute = (...statements: readonly string[]) => postgres.execute(road.synapse, ...statements)

const addUser = (name: string): Promise<unknown> =>
  execute(
    `INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated)
     VALUES ('@${name}:demo.example', '$2b$12$abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01', 1700000000, 0, 0, 0)`,
  )

const removeUser = (name: string): Promise<unknown> => execute(`DELETE FROM users WHERE name = '@${name}:demo.example'`)

const DEAD = '20991231-235959-dead'

/** What a run leaves that dies before it has decided about everybody. */
const diedDeciding = async (after: string): Promise<void> => {
  const folder = join(road.runs, DEAD)
  await cp(join(road.runs, after), folder, { recursive: true })
  await rm(join(folder, 'report.json'))
  const at = '2099-12-31T23:59:59.000Z'
  const command = ['syn2op', 'migrate', '--yes']
  const begun = { event: 'started', runId: DEAD, kind: 'merge', syn2op: '0.1.0', command, host: 'dead', pid: 1 }
  const events = [begun, { event: 'phase', phase: 'decide' }].map((event) => `${JSON.stringify({ at, ...event })}\n`)
  await writeFile(join(folder, 'events.ndjson'), events.join(''))
  const journal = new DatabaseSync(join(folder, 'journal.sqlite'))
  journal.exec(`
    DELETE FROM account;
    UPDATE run SET value = 'deciding' WHERE name = 'state';
    UPDATE run SET value = '${DEAD}' WHERE name = 'runId'`)
  journal.close()
}

const nextOf = async (): Promise<StatusDocument['next']> => (told(await syn2op('status'), 0) as StatusDocument).next

beforeAll(async () => {
  road = await makeToyRoad(postgres, { name: 'slow_cohorts', accounts: 120 })
  const people = await execute(
    `SELECT name FROM users WHERE admin = 0 AND name ~ '^@[a-z0-9._]+:demo[.]example$' ORDER BY name LIMIT 8`,
  )
  expect(people).toHaveLength(8)
  await writeFile(join(road.folder, 'names.txt'), people.map(({ name }) => String(name)).join('\n'))
  await execute(
    `UPDATE users SET admin = 1 WHERE name IN (SELECT name FROM users WHERE admin = 0 ORDER BY name DESC LIMIT 3)`,
  )
})
afterAll(() => road?.remove())
beforeEach(async () => {
  await road.empty()
  await mapping(RULES)
})

describe('a target without a database, cohort by cohort', () => {
  test('ends as one run does; each run is of its cohort only, and nobody of the others counts as gone', {
    timeout: 600_000,
  }, async () => {
    await migrated()
    const inOne = await road.people()
    await road.empty()

    const plan = await planned()
    const members = membersOf(plan)
    expect(Object.keys(members)).toEqual(COHORTS)
    const accounts = plan.relations.find(({ relation }) => relation === 'account')
    expect(sum(Object.values(members))).toBe(accounts?.read)
    expect(sum((plan.cohorts ?? []).map(({ carried }) => carried))).toBe(accounts?.carried)
    for (const cohort of COHORTS) expect(members[cohort]).toBeGreaterThan(0)

    let there = 0
    for (const [position, cohort] of COHORTS.entries()) {
      const ofCohort = await planned('--cohort', cohort)
      const run = await migrated('--cohort', cohort)
      expect(run).toMatchObject({ cohort, outcomes: ofCohort.outcomes, changes: ofCohort.changes })
      expect(inAll(run)).toBe(members[cohort])
      expect(count(run, 'removed') + count(run, 'updated')).toBe(0)
      expect(run.relations.find(({ relation }) => relation === 'account')?.read).toBe(members[cohort])
      there += count(run, 'created')
      expect(Object.keys(await road.people())).toHaveLength(there)
      expect(run.stages?.map(({ begun }) => begun)).toEqual(COHORTS.map((_, index) => index <= position))
      const status = told(await syn2op('status'), 0) as StatusDocument
      expect(status.stages).toEqual(run.stages)
      expect(status.runs[0]).toMatchObject({ runId: run.runId, cohort })
      const [next] = COHORTS.slice(position + 1)
      const commands = status.next.flatMap((step) => step.commands)
      expect(commands.filter((command) => command.includes('--cohort'))).toEqual(
        next === undefined ? [] : [`syn2op migrate --cohort ${next}`],
      )
      const verified = told(await syn2op('verify'), 0) as VerifyDocument
      expect(verified.waiting ?? 0).toBe(sum(COHORTS.slice(position + 1).map((name) => members[name] ?? 0)))
    }
    expect(await road.people()).toEqual(inOne)
    const again = await migrated()
    expect(count(again, 'created') + count(again, 'updated') + count(again, 'removed')).toBe(0)
    expect(again.stages?.every(({ begun }) => begun)).toBe(true)
  })

  test('has everybody where the first run found them, whatever they have become since; who comes later is in the rest', {
    timeout: 600_000,
  }, async () => {
    const before = membersOf(await planned())
    await migrated('--cohort', 'named')
    try {
      await addUser('late')
      await addUser('late_admin')
      await execute(
        `UPDATE users SET admin = 1 - admin WHERE name IN
         ('@late_admin:demo.example', (SELECT name FROM users WHERE admin = 1 ORDER BY name LIMIT 1))`,
      )
      const after = membersOf(await planned())
      expect(after).toEqual({ ...before, rest: (before['rest'] ?? 0) + 2 })
      expect(inAll(await migrated('--cohort', 'admins'))).toBe(before['admins'])
      expect(Object.keys(await road.people())).not.toContain('@late_admin:demo.example')
      expect(inAll(await migrated('--cohort', 'rest'))).toBe((before['rest'] ?? 0) + 2)
      expect(Object.keys(await road.people())).toEqual(
        expect.arrayContaining(['@late:demo.example', '@late_admin:demo.example']),
      )
      await migrated('--cohort', 'quarter')
      expect(count(await migrated(), 'created')).toBe(0)
    } finally {
      await removeUser('late')
      await removeUser('late_admin')
    }
  })

  test('loses who left the source with the run of their own cohort', { timeout: 600_000 }, async () => {
    await addUser('leaver')
    try {
      await migrated('--cohort', 'rest')
      expect(Object.keys(await road.people())).toContain('@leaver:demo.example')
    } finally {
      await removeUser('leaver')
    }
    expect(count(await migrated('--cohort', 'admins'), 'removed')).toBe(0)
    expect(Object.keys(await road.people())).toContain('@leaver:demo.example')
    expect(count(await planned('--cohort', 'rest'), 'removed')).toBe(1)
    expect(count(await migrated('--cohort', 'rest'), 'removed')).toBe(1)
    expect(Object.keys(await road.people())).not.toContain('@leaver:demo.example')
  })

  test('goes on with a run of one cohort that ended early, whatever came between, and looks at nobody else', {
    timeout: 600_000,
  }, async () => {
    const members = membersOf(await planned())
    const listed = (await readFile(join(road.folder, 'names.txt'), 'utf8')).split('\n')
    const admins = await migrated('--cohort', 'admins')
    await road.configure({ refuse: listed, batchSize: 2 })
    const early = told(await syn2op('migrate', '--yes', '--cohort', 'named', '--max-rejected', '0'), 3) as RunDocument
    expect(early.endedEarly?.why).toBe('too many rejected')
    expect(count(early, 'not attempted')).toBeGreaterThan(0)
    expect(inAll(early)).toBe(members['named'])
    await road.configure({})
    told(await syn2op('rollback', admins.runId, '--yes'), 0)
    await diedDeciding(early.runId)
    expect(told(await syn2op('migrate', '--yes', '--resume', '--cohort', 'rest'), 64)).toMatchObject({
      error: { code: 'usage', message: expect.stringContaining('was of the cohort named, not of the cohort rest') },
    })
    expect(await nextOf()).toEqual([
      { text: expect.stringContaining(early.runId), commands: [expect.stringMatching(/--cohort named .*--resume$/u)] },
    ])
    const resumed = await migrated('--resume')
    expect(resumed).toMatchObject({ cohort: 'named', resumed: true, asOf: early.asOf })
    // With no other run left open, what died while it decided has nothing to resume.
    expect(await nextOf()).toEqual([{ text: expect.stringContaining(DEAD), commands: ['syn2op migrate --yes'] }])
    await rm(join(road.runs, DEAD), { recursive: true })
    expect(inAll(resumed)).toBe(members['named'])
    expect(Object.keys(await road.people())).toHaveLength(count(resumed, 'created') + count(resumed, 'unchanged'))
    expect(count(resumed, 'rejected') + count(resumed, 'not attempted')).toBe(0)
    // What was taken back is to do again, and nobody misses it.
    expect(resumed.stages?.filter(({ begun }) => begun).map(({ name }) => name)).toEqual(['named'])
    expect((told(await syn2op('status'), 0) as StatusDocument).stages).toEqual(resumed.stages)
    const waiting = sum(Object.values(members)) - (members['named'] ?? 0) - count(admins, 'held back')
    expect((told(await syn2op('verify'), 0) as VerifyDocument).waiting).toBe(waiting)
  })

  test('has begun no cohort with the first so many of everybody, until all of one are there', {
    timeout: 600_000,
  }, async () => {
    const members = membersOf(await planned())
    const all = sum(Object.values(members))
    const first = await migrated('--limit', '20')
    expect(first.stages?.map(({ begun }) => begun)).toEqual(
      first.stages?.map((stage) => stage.recorded === stage.members),
    )
    expect(first.stages?.at(-1)?.begun).toBe(false)
    const { waiting, tables } = told(await syn2op('verify'), 0) as VerifyDocument
    expect(waiting).toBe(count(first, 'not attempted'))
    expect(tables.find(({ table }) => table === 'account')?.present).toBe(count(first, 'created'))
    await migrated('--limit', String(all))
    const status = told(await syn2op('status'), 0) as StatusDocument
    expect(status.stages?.every(({ begun }) => begun)).toBe(true)
    expect((told(await syn2op('verify'), 0) as VerifyDocument).waiting).toBeUndefined()
  })

  test('waits again once it was taken back, whoever of it was held back; and is settled anew once no run stands', {
    timeout: 600_000,
  }, async () => {
    const carried = await execute(
      `SELECT name FROM users WHERE admin = 0 AND name ~ '^@[a-z0-9._]+:demo[.]example$' ORDER BY name DESC LIMIT 2`,
    )
    const held = await execute('SELECT name FROM users WHERE appservice_id IS NOT NULL ORDER BY name LIMIT 1')
    const listed = [...carried, ...held].map(({ name }) => String(name))
    await writeFile(join(road.folder, 'wrong.txt'), listed.join('\n'))
    await mapping('cohorts: [{ name: pilot, match: { list: wrong.txt } }]\n')
    const pilot = await migrated('--cohort', 'pilot')
    expect([count(pilot, 'created'), count(pilot, 'held back')]).toEqual([2, 1])
    const stages = async () => (told(await syn2op('status'), 0) as StatusDocument).stages
    await migrated()
    told(await syn2op('rollback', pilot.runId, '--yes'), 0)
    expect(await stages()).toMatchObject([
      { name: 'pilot', members: 3, begun: false, recorded: 1 },
      { name: 'rest', begun: true },
    ])
    const mended = (await readFile(join(road.folder, 'names.txt'), 'utf8')).split('\n').slice(0, 2)
    await writeFile(join(road.folder, 'right.txt'), [...mended, '@nobody:demo.example'].join('\n'))
    await mapping('cohorts: [{ name: first, match: { list: right.txt } }]\n')
    told(await syn2op('rollback', 'last', '--yes'), 0)
    expect(await road.people()).toEqual({})
    expect(await stages()).toBeUndefined()
    const { findings } = await planned('--cohort', 'first')
    expect(findings.map(({ code }) => code)).toContain('COHORT_NAMES_UNKNOWN')
    const first = await migrated('--cohort', 'first')
    expect(Object.keys(await road.people()).toSorted()).toEqual(mended.toSorted())
    expect(first.stages?.map(({ name, begun }) => [name, begun])).toEqual([
      ['first', true],
      ['rest', false],
    ])
  })

  test('knows its cohorts by the names that were frozen, in the mapping or without it', {
    timeout: 600_000,
  }, async () => {
    expect(told(await syn2op('migrate', '--yes', '--cohort', 'admin'), 64)).toMatchObject({
      error: { code: 'usage', message: 'There is no cohort admin; did you mean admins?' },
    })
    expect(await road.people()).toEqual({})
    await migrated('--cohort', 'admins')
    await mapping('cohorts: [{ name: others, match: { percent: 5 } }]\n')
    expect(told(await syn2op('migrate', '--yes', '--cohort', 'others'), 64)).toMatchObject({
      error: { code: 'run.other-cohorts', next: expect.arrayContaining([expect.stringContaining('rollback last')]) },
    })
    await mapping('version: 1\n')
    expect((await migrated('--cohort', 'named')).cohort).toBe('named')
    expect(told(await syn2op('plan', '--cohort', 'nobody'), 64)).toMatchObject({ error: { code: 'usage' } })
  })
})
