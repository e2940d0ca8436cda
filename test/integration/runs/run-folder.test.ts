import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Mapping } from '../../../src/mapping/mapping.ts'
import { explain } from '../../../src/migration/explain/explain.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { listRuns } from '../../../src/migration/runs/list-runs.ts'
import { fileRecorder } from '../../../src/migration/runs/recorder.ts'
import { storedDocument } from '../../../src/migration/runs/stored-document.ts'
import { status } from '../../../src/migration/status/status.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import type { RunDocument } from '../../../src/report/documents.ts'
import { renderHtml } from '../../../src/report/html/render-html.ts'
import { explanationSchema } from '../../../src/report/schema/explanation.ts'
import { accountRecordSchema, eventSchema } from '../../../src/report/schema/run-record.ts'
import { runsSchema } from '../../../src/report/schema/runs.ts'
import { statusSchema } from '../../../src/report/schema/status.ts'
import { renderExplanation } from '../../../src/report/text/explanation.ts'
import { renderText } from '../../../src/report/text/render-text.ts'
import { renderRuns } from '../../../src/report/text/runs.ts'
import { renderStatus } from '../../../src/report/text/status.ts'
import { toJson } from '../../../src/report/to-json.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { demoProviders, demoRequest, plainMapping } from '../../support/migration/requests.ts'
import { migrated } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'
import { runProgram } from '../../support/run-program.ts'

/** Guests stay behind, beside the users of application services. */
const mapping: Mapping = { ...plainMapping, accounts: { ...plainMapping.accounts, guests: 'hold_back' } }
const PLAIN = { width: 100, colour: 'off' } as const

let runs = ''
let request: MigrationRequest
let document: RunDocument
/** Every hash and token of the source, and its pepper. */
let secrets: readonly string[] = []

const column = async (name: string, text: string): Promise<readonly string[]> =>
  (await testPostgres().execute(name, text)).map((row) => String(Object.values(row)[0]))

beforeAll(async () => {
  const postgres = testPostgres()
  runs = join(await mkdtemp(join(tmpdir(), 'syn2op-runs-')), 'runs')
  const synapse = await createDemoHomeserver(postgres, 'runs_synapse', { accounts: 300 })
  const mas = await createMasDatabase(postgres, 'runs_mas', demoProviders)
  const demo = demoRequest({ synapse, mas })
  const warnings: string[] = []
  request = {
    ...demo,
    mapping,
    recorder: fileRecorder({ runs, command: ['syn2op', 'migrate'], warn: (message) => warnings.push(message) }),
  }
  document = await migrated(request)
  expect(warnings).toEqual([])
  secrets = [
    demo.homeserver.pepper ?? '',
    ...(await column(
      synapse.database,
      `SELECT password_hash FROM users WHERE coalesce(password_hash, '') <> ''
       UNION SELECT token FROM access_tokens UNION SELECT token FROM refresh_tokens`,
    )),
    // The damage has tokens that are nothing but their prefix, which tells their kind.
  ].filter((secret) => secret.length > 4)
})
afterAll(() => rm(join(runs, '..'), { recursive: true }))

/** Which of the source's secrets a text holds. */
const secretsIn = (text: string): readonly string[] => secrets.filter((secret) => text.includes(secret))

const lines = async (file: string): Promise<readonly unknown[]> =>
  (await readFile(join(runs, document.runId, file), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))

describe("a run's folder", () => {
  it('holds plan, events, accounts and report', async () => {
    expect((await readdir(join(runs, document.runId))).toSorted()).toEqual([
      'accounts.ndjson',
      'events.ndjson',
      'plan.json',
      'report.json',
    ])
  })

  it('tells of the run from its start to its end, phase by phase', async () => {
    const events = (await lines('events.ndjson')).map((line) => eventSchema.parse(line))
    expect(events.at(0)).toMatchObject({ event: 'started', runId: document.runId, kind: 'load' })
    expect(events.at(-1)).toMatchObject({ event: 'finished', milliseconds: document.milliseconds })
    expect(events.filter(({ event }) => event === 'phase')).not.toEqual([])
  })

  it('names every account that is held back, with its reason, as often as the report counts', async () => {
    const records = (await lines('accounts.ndjson')).map((line) => accountRecordSchema.parse(line))
    const counts = document.relations.find(({ relation }) => relation === 'account')?.left ?? []
    expect(counts.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['guest', 'appservice_user']))
    for (const { reason, count } of counts) {
      expect([reason, records.filter((record) => record.reason === reason).length]).toEqual([reason, count])
    }
    expect(new Set(records.map(({ outcome }) => outcome))).toEqual(new Set(['held back']))
  })

  it('holds no hash, token or pepper of the source', async () => {
    expect(secrets.length).toBeGreaterThan(300)
    for (const file of await readdir(join(runs, document.runId))) {
      expect(secretsIn(await readFile(join(runs, document.runId, file), 'utf8'))).toEqual([])
    }
  })
})

describe('a report that is shown again', () => {
  it('is the one of the run, in every form', async () => {
    const again = await storedDocument(runs, document.runId)
    expect(again).toEqual(document)
    expect(toJson(again)).toBe(toJson(document))
    expect(renderHtml(again)).toBe(renderHtml(document))
    expect(renderText(again, PLAIN)).toBe(renderText(document, PLAIN))
  })

  it('comes from the command line too, without any database', async () => {
    const { code, stdout, stderr } = await runProgram(['report', 'last', '--runs-dir', runs])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.trimEnd()).toBe(
      renderText(document, { ...PLAIN, detail: 'short', given: { 'runs-dir': [runs] } }).trimEnd(),
    )
  })
})

describe('the list of runs', () => {
  it('joins the folder with the journal at the target', async () => {
    const list = await listRuns(runs, request)
    expect(runsSchema.strict().parse(JSON.parse(JSON.stringify(list)))).toEqual(list)
    expect(list).toMatchObject({
      journal: 'read',
      runs: [{ runId: document.runId, state: 'done', kind: 'load', record: 'both' }],
    })
    expect(renderRuns(list, PLAIN)).toContain(document.runId)
  })

  it('goes without a target that does not answer', async () => {
    const ends = { synapse: request.source, mas: { ...request.source, port: 1 } }
    const list = await listRuns(runs, demoRequest(ends))
    expect(list).toMatchObject({ journal: { code: 'database.unreachable' }, runs: [{ record: 'folder' }] })
  })
})

describe('the status', () => {
  it('says how far it has come, and what to type next', async () => {
    const seen = await status(runs, request)
    expect(statusSchema.strict().parse(JSON.parse(JSON.stringify(seen)))).toEqual(seen)
    expect(seen.target).toMatchObject({ state: 'migrated', since: new Date(DEMO.now).toISOString() })
    expect(seen.next).toEqual([{ text: 'Prove that everything arrived:', commands: ['syn2op verify'] }])
    expect(renderStatus(seen, PLAIN)).toContain('migrated as of 2026-11-01 00:00:00 UTC')
  })

  it('works from the folders alone, and says so', async () => {
    const { code, stdout } = await runProgram(['status', '--runs-dir', runs])
    expect(code).toBe(0)
    expect(stdout).toContain('not asked: its configuration was not given')
    expect(stdout).toContain(document.runId)
  })
})

describe('an account that is explained', () => {
  const explained = (mxid: string) => explain({ ...request, runs, mxid })

  it('shows what it owns, that all of it is at the target, and the run', async () => {
    const alice = await explained('@alice:demo.example')
    expect(explanationSchema.strict().parse(JSON.parse(JSON.stringify(alice)))).toEqual(alice)
    expect(alice.account).toMatchObject({ decision: 'migrate', admin: false })
    expect(alice.rows.map(({ relation, decision }) => `${decision} ${relation}`)).toEqual([
      'carry password',
      'carry threepid',
      'carry external_id',
      'carry session',
      'carry access_token',
      'carry refresh_token',
    ])
    expect(alice.predictions).toEqual([])
    expect(alice.target).toMatchObject({ change: 'unchanged' })
    expect(alice.history).toEqual([{ run: expect.objectContaining({ runId: document.runId, state: 'done' }) }])
  })

  it('shows why it is held back, and the line of the run that says so', async () => {
    const [guest = ''] = await column('runs_synapse', 'SELECT name FROM users WHERE is_guest = 1 ORDER BY 1 LIMIT 1')
    const about = await explained(guest)
    expect(about.account).toMatchObject({ decision: 'hold back', reason: 'guest' })
    expect(about.predictions.map(({ code }) => code)).toEqual(['account_stays_behind', 'login_ends'])
    expect(about.target).toMatchObject({ change: 'hold back' })
    expect(about.history).toEqual([
      {
        run: expect.objectContaining({ runId: document.runId }),
        record: { mxid: guest, decision: 'hold back', reason: 'guest', outcome: 'held back' },
      },
    ])
  })

  it('says so when the source does not know it', async () => {
    const nobody = await explained('@nobody:demo.example')
    expect(nobody.account).toBeUndefined()
    expect(nobody.rows).toEqual([])
    expect(renderExplanation(nobody, PLAIN)).toContain('has no account of this name')
  })

  it('shows no hash, token or pepper, whoever it is', async () => {
    const names = await column(
      'runs_synapse',
      'SELECT name FROM users WHERE name IS NOT NULL ORDER BY md5(name) LIMIT 12',
    )
    for (const mxid of names) {
      const about = await explained(mxid)
      expect(secretsIn(JSON.stringify(about) + renderExplanation(about, PLAIN))).toEqual([])
    }
  })
})
