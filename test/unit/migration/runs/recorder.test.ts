import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../../src/errors/syn2op-error.ts'
import { type RunRecorder, type RunStart, recorded, recordedProgress } from '../../../../src/migration/run-recorder.ts'
import { readLastRun, readRun } from '../../../../src/migration/runs/read-run.ts'
import { fileRecorder } from '../../../../src/migration/runs/recorder.ts'
import { refusedBefore } from '../../../../src/migration/runs/refused-before.ts'
import { accountRecordSchema, eventSchema } from '../../../../src/report/schema/run-record.ts'
import type { Outcome } from '../../../../src/targets/changes.ts'
import { silentProgress } from '../../../../src/targets/progress.ts'
import { planDocument, runDocument } from '../../../support/documents.ts'

const RUN = '20261121-220000-07da'
const start: RunStart = { runId: RUN, kind: 'merge', plan: planDocument }

let runs = ''
let warnings: string[] = []
beforeEach(async () => {
  runs = join(await mkdtemp(join(tmpdir(), 'syn2op-runs-')), 'runs')
  warnings = []
})
afterEach(() => rm(join(runs, '..'), { recursive: true }))

const recorder = (command: readonly string[] = ['syn2op', 'migrate']) =>
  fileRecorder({ runs, command, warn: (message) => warnings.push(message) })

const working = (kept: RunRecorder) => ({ recorder: kept, signal: new AbortController().signal })

const lines = async (file: string): Promise<readonly unknown[]> =>
  (await readFile(join(runs, RUN, file), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line))

const outcome = (mxid: string, kind: Outcome['outcome'], more: Partial<Outcome> = {}): Outcome => ({
  mxid,
  outcome: kind,
  rows: [],
  ...more,
})

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8)

describe('the record of a run', () => {
  it('has the plan before anything else, for its owner only', async () => {
    await recorder().begin(start)
    expect(JSON.parse(await readFile(join(runs, RUN, 'plan.json'), 'utf8'))).toEqual(planDocument)
    expect(await modeOf(runs)).toBe('700')
    expect(await modeOf(join(runs, RUN))).toBe('700')
    for (const file of await readdir(join(runs, RUN))) expect(await modeOf(join(runs, RUN, file))).toBe('600')
  })

  it('forgets a pause that the dead run left which it goes on with', async () => {
    await recorder().begin(start)
    await writeFile(join(runs, RUN, 'pause'), '')
    await recorder().begin({ ...start, resumes: RUN })
    expect(await readdir(join(runs, RUN))).not.toContain('pause')
  })

  it('tells what happened, in the order in which it did', async () => {
    const kept = recorder(['syn2op', 'migrate', '--synapse-database', 'postgresql://me:hunter2@db/synapse'])
    await recorded(working(kept), start, async () => {
      const progress = recordedProgress(kept, silentProgress)
      progress.phase('merge')
      await kept.batchApplied({ ordinal: 0 }, [
        outcome('@anna:example.org', 'created'),
        outcome('@bert:example.org', 'rejected', { message: 'no' }),
      ])
      progress.note('nearly there')
      return runDocument
    })
    const events = (await lines('events.ndjson')).map((line) => eventSchema.parse(line))
    expect(events.map(({ event }) => event)).toEqual(['started', 'phase', 'batch', 'note', 'finished'])
    expect(events[0]).toMatchObject({
      runId: RUN,
      kind: 'merge',
      command: ['syn2op', 'migrate', '--synapse-database', 'postgresql://me:…@db/synapse'],
      pid: process.pid,
    })
    expect(events[2]).toMatchObject({ ordinal: 0, accounts: { created: 1, rejected: 1, unchanged: 0 } })
    expect(events.map(({ at }) => at).toSorted()).toEqual(events.map(({ at }) => at))
  })

  it('names the accounts that were not plainly created or unchanged, and no others', async () => {
    const kept = recorder()
    await kept.begin(start)
    await kept.heldBack(
      (async function* () {
        yield [{ mxid: '@bot:example.org', reason: 'appservice_user' }]
        yield [{ mxid: null, reason: 'malformed_mxid' }]
      })(),
    )
    await kept.batchApplied({ ordinal: 0 }, [
      outcome('@anna:example.org', 'created'),
      outcome('@bert:example.org', 'unchanged'),
      outcome('@chidi:example.org', 'updated'),
      outcome('@dana:example.org', 'held back', { reason: 'username_taken' }),
      outcome('@eve:example.org', 'removed'),
      outcome('@finn:example.org', 'removed', { reason: 'guest' }),
      outcome('@gita:example.org', 'rejected', { message: 'value too long' }),
    ])
    const records = (await lines('accounts.ndjson')).map((line) => accountRecordSchema.parse(line))
    expect(records).toEqual([
      { mxid: '@bot:example.org', decision: 'hold back', reason: 'appservice_user', outcome: 'held back' },
      { mxid: null, decision: 'hold back', reason: 'malformed_mxid', outcome: 'held back' },
      { mxid: '@chidi:example.org', decision: 'migrate', outcome: 'updated' },
      { mxid: '@dana:example.org', decision: 'migrate', reason: 'username_taken', outcome: 'held back' },
      { mxid: '@eve:example.org', decision: 'gone', outcome: 'removed' },
      { mxid: '@finn:example.org', decision: 'hold back', reason: 'guest', outcome: 'removed' },
      { mxid: '@gita:example.org', decision: 'migrate', outcome: 'rejected', message: 'value too long' },
    ])
  })

  it('of an error that is not ours it keeps the kind only: its message may quote a row', async () => {
    const kept = recorder()
    const secret = Object.assign(new Error('duplicate key (token)=(syt_secret)'), { code: '23505' })
    await expect(recorded(working(kept), start, () => Promise.reject(secret))).rejects.toBe(secret)
    expect(await lines('events.ndjson')).toContainEqual(
      expect.objectContaining({ event: 'failed', code: 'internal', message: 'Error 23505' }),
    )
    expect(await readFile(join(runs, RUN, 'events.ndjson'), 'utf8')).not.toContain('syt_secret')
  })

  it('of an error of ours it keeps code and message', async () => {
    const kept = recorder()
    const error = new Syn2opError('database.failed', 'The connection was lost')
    await expect(recorded(working(kept), start, () => Promise.reject(error))).rejects.toBe(error)
    expect((await readRun(runs, RUN)).events.at(-1)).toMatchObject({
      event: 'failed',
      code: 'database.failed',
      message: 'The connection was lost',
    })
  })

  it('of a run that was asked to stop it keeps that, whatever statement it made fail', async () => {
    const reason = new Syn2opError('run.interrupted', 'Stopped, as asked', { next: ['Start it again'] })
    const kept = { recorder: recorder(), signal: AbortSignal.abort(reason) }
    const cancelled = Object.assign(new pg.DatabaseError('canceling statement', 0, 'error'), { code: '57014' })
    await expect(recorded(kept, start, () => Promise.reject(cancelled))).rejects.toMatchObject({
      code: 'run.interrupted',
      next: ['Start it again'],
    })
    expect((await readRun(runs, RUN)).events.at(-1)).toMatchObject({ event: 'failed', code: 'run.interrupted' })
  })

  it('is read again as it was written, a line that was cut off left out', async () => {
    const kept = recorder()
    await recorded(working(kept), start, async () => runDocument)
    await writeFile(join(runs, RUN, 'events.ndjson'), '{"at":"2026-11-21T22:0', { flag: 'a' })
    const read = await readLastRun(runs)
    expect(read).toMatchObject({ runId: RUN, plan: planDocument, report: runDocument })
    expect(read.events.map(({ event }) => event)).toEqual(['started', 'finished'])
  })
})

describe('a run that goes on with itself', () => {
  it('goes on with its record', async () => {
    const first = recorder()
    await expect(recorded(working(first), start, () => Promise.reject(new Error('power cut')))).rejects.toThrow(
      'power cut',
    )
    await recorded(working(recorder()), { ...start, resumes: RUN }, async () => runDocument)
    const { events, report } = await readRun(runs, RUN)
    expect(events.map(({ event }) => event)).toEqual(['started', 'failed', 'started', 'finished'])
    expect(report).toEqual(runDocument)
  })

  it('begins on lines of its own, where a full disk cut off the last ones', async () => {
    const first = recorder()
    await first.begin(start)
    await first.batchApplied({ ordinal: 0 }, [outcome('@anna:example.org', 'rejected', { message: 'no' })])
    for (const file of ['events.ndjson', 'accounts.ndjson'])
      await writeFile(join(runs, RUN, file), '{"mxid":"@bert:ex', { flag: 'a' })
    const again = recorder()
    await again.begin({ ...start, resumes: RUN })
    await again.batchApplied({ ordinal: 0 }, [outcome('@chidi:example.org', 'rejected', { message: 'no' })])
    await again.finish(runDocument)
    const { events } = await readRun(runs, RUN)
    expect(events.map(({ event }) => event)).toEqual(['started', 'batch', 'started', 'batch', 'finished'])
    expect(await refusedBefore(runs)).toEqual(new Set(['@anna:example.org', '@chidi:example.org']))
  })

  it('makes the folder where another machine has it', async () => {
    await recorder().begin({ ...start, resumes: RUN })
    expect((await readRun(runs, RUN)).plan).toEqual(planDocument)
  })
})

describe('a record that cannot be kept', () => {
  it('is told before the run begins: a folder that is a file', async () => {
    await writeFile(runs, '')
    const begin = recorder().begin(start)
    await expect(begin).rejects.toMatchObject({ code: 'run.unwritable' })
    await expect(begin).rejects.toThrow(runs)
  })

  it('is told before the run begins: a run of this name has one already', async () => {
    await recorder().begin(start)
    await expect(
      recorder().begin({ ...start, plan: { ...planDocument, serverName: 'other.example' } }),
    ).rejects.toMatchObject({
      code: 'run.unwritable',
    })
    expect((await readRun(runs, RUN)).plan).toEqual(planDocument)
  })

  it('is told once when the disk is full later, and the run goes on', async () => {
    const kept = recorder()
    const document = await recorded(working(kept), start, async () => {
      await rm(join(runs, RUN, 'accounts.ndjson'))
      await symlink('/dev/full', join(runs, RUN, 'accounts.ndjson'))
      for (const ordinal of [0, 1, 2]) {
        await kept.batchApplied({ ordinal }, [outcome(`@${ordinal}:example.org`, 'updated')])
      }
      return runDocument
    })
    expect(document).toBe(runDocument)
    expect(warnings).toEqual([
      `The record of this run in ${join(runs, RUN)} ends here: the disk is full. The run goes on.`,
    ])
  })

  it('is told when the source does not say who is held back, and the run goes on', async () => {
    const kept = recorder()
    await kept.begin(start)
    await kept.heldBack(
      (async function* () {
        yield []
        throw new Error('canceling statement')
      })(),
    )
    await kept.finish(runDocument)
    expect(warnings).toEqual([expect.stringContaining('Who is held back could not be read')])
    expect((await readRun(runs, RUN)).report).toEqual(runDocument)
  })

  it('is told once when somebody removes the folder', async () => {
    const kept = recorder()
    await kept.begin(start)
    await rm(join(runs, RUN), { recursive: true })
    kept.phase('copy')
    await kept.finish(runDocument)
    expect(warnings).toHaveLength(1)
  })
})
