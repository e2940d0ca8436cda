import { mkdtemp, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explain } from '../../../src/migration/explain/explain.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { listRuns } from '../../../src/migration/runs/list-runs.ts'
import { readRun } from '../../../src/migration/runs/read-run.ts'
import { fileRecorder } from '../../../src/migration/runs/recorder.ts'
import { storedDocument } from '../../../src/migration/runs/stored-document.ts'
import { status } from '../../../src/migration/status/status.ts'
import type { RunDocument } from '../../../src/report/documents.ts'
import type { ExplanationDocument } from '../../../src/report/explanation.ts'
import { statusSchema } from '../../../src/report/schema/status.ts'
import type { StatusDocument } from '../../../src/report/status.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { migratedAs, onlineRequest, type Places } from '../../support/migration/online.ts'
import { demoProviders } from '../../support/migration/requests.ts'
import { testPostgres } from '../../support/postgres.ts'

let runs = ''
let places: Places
const warnings: string[] = []

const request = (): MigrationRequest => ({
  ...onlineRequest(places),
  recorder: fileRecorder({
    runs,
    command: ['syn2op', 'migrate', '--online'],
    warn: (message) => warnings.push(message),
  }),
})

const change = (statement: string) => places.source.postgres.execute(places.source.database, statement)

/** Its tables and rows: what a look must leave as it is, since a run may be at work. */
const journal = () =>
  places.target.postgres.execute(
    places.target.database,
    `SELECT c.oid::text, c.relname::text,
        (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %s', c.oid::regclass), false, false, '')))[1]::text AS rows
     FROM pg_class c WHERE c.relnamespace = 'syn2op'::regnamespace AND c.relkind = 'r' ORDER BY c.oid`,
  )

const ALICE = '@alice:demo.example'

describe('between the first copy and the cut-over', () => {
  let empty: StatusDocument
  let copied: StatusDocument
  let changed: StatusDocument
  let ended: StatusDocument
  let second: RunDocument
  let waiting: ExplanationDocument

  beforeAll(async () => {
    const postgres = testPostgres()
    runs = join(await mkdtemp(join(tmpdir(), 'syn2op-runs-')), 'runs')
    await createDemoHomeserver(postgres, 'runs_online_synapse', { accounts: 150 })
    await createMasDatabase(postgres, 'runs_online_mas', demoProviders)
    places = {
      source: { postgres, database: 'runs_online_synapse' },
      target: { postgres, database: 'runs_online_mas' },
    }
    empty = await status(runs, request())
    await migratedAs('online', request())
    copied = await status(runs, request())
    await change(`UPDATE users SET admin = 1 - admin WHERE name = '${ALICE}'`)
    const before = await journal()
    changed = await status(runs, request())
    waiting = await explain({ ...request(), runs, mxid: ALICE })
    expect(await journal()).toEqual(before)
    second = await migratedAs('online', request())
    await migratedAs('final', request())
    ended = await status(runs, request())
  })
  afterAll(() => rm(join(runs, '..'), { recursive: true }))

  it('the status says how far the target is, and what to type next', () => {
    const told = [empty, copied, changed, ended]
    for (const one of told) expect(statusSchema.strict().parse(JSON.parse(JSON.stringify(one)))).toEqual(one)
    expect(told.map(({ target }) => typeof target === 'object' && 'state' in target && target.state)).toEqual([
      'empty',
      'online',
      'online',
      'migrated',
    ])
    expect(copied.next.flatMap(({ commands }) => commands)).toEqual([
      'syn2op migrate --online',
      'syn2op migrate --final',
    ])
    expect(ended.target).toMatchObject({ final: true })
    expect(ended.next.flatMap(({ commands }) => commands)).toEqual(['syn2op verify'])
  })

  it('the status counts, without a trace, what the cut-over still has to bring over', () => {
    expect(copied.changedSince).toMatchObject({ changed: 0, gone: 0 })
    expect(changed.changedSince).toEqual({
      changed: 1,
      gone: 0,
      unchanged: (copied.changedSince?.unchanged ?? 0) - 1,
      waiting: 0,
    })
    expect(empty.changedSince).toBeUndefined()
    expect(ended.changedSince).toBeUndefined()
  })

  it('every run has its record, and is shown again as it was', async () => {
    const list = await listRuns(runs, request())
    expect(list.runs.map(({ kind, state, record }) => [kind, state, record])).toEqual([
      ['final', 'done', 'both'],
      ['online', 'done', 'both'],
      ['online', 'done', 'both'],
    ])
    expect(await storedDocument(runs, second.runId)).toEqual(second)
    expect(warnings).toEqual([])
  })

  it('a run is at work while it keeps others away from the target, and not because there is a process', async () => {
    const { plan } = await readRun(runs, second.runId)
    if (plan === undefined) throw new Error('A run has a plan')
    const runId = '20991231-235959-dead'
    await request().recorder?.begin({ runId, kind: 'merge', plan })
    expect((await status(runs, request())).runs[0]).toMatchObject({ runId, state: 'unfinished' })
    const target = await request().openTarget(new AbortController().signal)
    await target.takeOver?.()
    try {
      expect(await target.sql?.holder?.()).toEqual({ pid: process.pid, host: hostname() })
      expect((await status(runs, request())).runs[0]).toMatchObject({ runId, state: 'running' })
      expect((await listRuns(runs, request())).runs[0]).toMatchObject({ runId, state: 'running' })
      const elsewhere = await status(join(runs, 'elsewhere'), request())
      expect(statusSchema.strict().parse(JSON.parse(JSON.stringify(elsewhere)))).toEqual(elsewhere)
      expect(elsewhere.target).toMatchObject({ heldBy: { pid: process.pid, host: hostname() } })
      expect(elsewhere.next).toEqual([
        { text: `Wait for process ${process.pid} on ${hostname()}, which holds the target.`, commands: [] },
      ])
    } finally {
      await target.close()
      await rm(join(runs, runId), { recursive: true })
    }
  })

  it('an account tells what the next run would do with it', () => {
    expect(waiting.target).toMatchObject({ change: 'update' })
  })

  it('an account tells which run changed it', async () => {
    const { target, history } = await explain({ ...request(), runs, mxid: ALICE })
    expect(target).toMatchObject({ change: 'unchanged' })
    expect(history.find(({ run }) => run.runId === second.runId)?.record).toEqual({
      mxid: ALICE,
      decision: 'migrate',
      outcome: 'updated',
    })
  })
})
