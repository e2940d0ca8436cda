import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { StopSoon } from '../../../src/migration/pacing/stop-soon.ts'
import { fileRecorder } from '../../../src/migration/runs/recorder.ts'
import type { RunDocument } from '../../../src/report/documents.ts'
import { expectConverged, type Places } from '../../support/migration/online.ts'
import {
  accountsOf,
  change,
  countAccounts,
  countOf,
  migratedWith,
  stagedPlaces,
  stagedRequest,
  stageNamed,
} from '../../support/migration/stages.ts'

const LIMIT = 40

const attempted = (document: RunDocument): number => accountsOf(document) - countOf(document, 'not attempted')

describe('a migration of so many accounts at a time', () => {
  let both: Places
  let everybody: number
  let first: RunDocument
  let second: RunDocument

  beforeAll(async () => {
    both = await stagedPlaces('stages_limited', 200)
    everybody = await countAccounts(both)
    first = await migratedWith(stagedRequest(both, []), { limit: LIMIT })
    second = await migratedWith(stagedRequest(both, []), { limit: LIMIT })
  })

  test('copies that many aside, and counts all others as not attempted', () => {
    expect(first.road).toBe('online')
    expect(first.limit).toBe(LIMIT)
    expect(accountsOf(first)).toBe(everybody)
    expect(countOf(first, 'created')).toBeGreaterThan(0)
    expect(countOf(first, 'created') + countOf(first, 'held back')).toBeLessThanOrEqual(
      LIMIT + countOf(first, 'held back'),
    )
    expect(first.candidates).toBe(LIMIT)
  })

  test('goes on where it was, whoever is looked at by every run', () => {
    expect(accountsOf(second)).toBe(everybody)
    // Nobody is attempted twice: what the first run did is unchanged or held back now.
    expect(attempted(second)).toBe(attempted(first) + LIMIT)
  })

  test('never waits for a stage, and ends like any other', async () => {
    expect(first.stages).toBeUndefined()
    await migratedWith(stagedRequest(both, []), { mode: 'online' })
    await migratedWith(stagedRequest(both, []), { mode: 'final' })
    await expectConverged(both)
  })

  test('has to look at somebody again only where fewer than the limit differ', async () => {
    const other = await stagedPlaces('stages_limited_again', 60)
    await migratedWith(stagedRequest(other, []), { mode: 'online' })
    await change(
      other,
      `UPDATE users SET admin = 1 - admin WHERE name IN (SELECT name FROM users WHERE is_guest = 0 AND deactivated = 0
         AND appservice_id IS NULL AND name ~ '^@[a-z0-9._-]+:demo[.]example$' ORDER BY name DESC LIMIT 2)`,
    )
    expect(countOf(await migratedWith(stagedRequest(other, []), { limit: 2 }), 'updated')).toBe(2)
  })

  test('of one cohort counts that cohort only', async () => {
    const other = await stagedPlaces('stages_limited_cohort', 200)
    const pilot = await migratedWith(stagedRequest(other), { cohort: 'pilot', limit: 3 })
    expect(accountsOf(pilot)).toBe(stageNamed(pilot, 'pilot').members)
    expect(attempted(pilot)).toBe(3)
    const rest = await migratedWith(stagedRequest(other), { cohort: 'pilot' })
    expect(countOf(rest, 'not attempted')).toBe(0)
    expect(stageNamed(rest, 'pilot').recorded).toBe(accountsOf(rest))
    const most = await migratedWith(stagedRequest(other), { limit: 100 })
    expect(stageNamed(most, 'rest')).toMatchObject({ begun: false })
    const all = await migratedWith(stagedRequest(other), { limit: 1000 })
    expect(all.stages?.every(({ begun, members, recorded }) => begun && members === recorded)).toBe(true)
    expect((await migratedWith(stagedRequest(other), { mode: 'final' })).refused).toBeUndefined()
  })

  test('goes on with a plain load that was stopped as with a copy aside, and proves each of its batches', async () => {
    const other = await stagedPlaces('stages_limited_load', 60)
    const { asOf: _, ...request } = stagedRequest(other, [])
    const stop = new AbortController()
    const progress = { ...request.progress, phase: (phase: string) => phase === 'finish' && stop.abort() }
    await expect(migratedWith({ ...request, progress, signal: stop.signal })).rejects.toThrow()
    const inBatches = {
      ...request,
      openTarget: async (signal: AbortSignal) => ({ ...(await request.openTarget(signal)), batchSize: 10 }),
    }
    const resumed = await migratedWith(inBatches, { limit: 40, resume: true })
    expect(resumed).toMatchObject({ road: 'online', resumed: true, candidates: 40, proof: { wrongRows: 0 } })
    const journal = await other.target.postgres.execute(other.target.database, 'SELECT run_id, kind FROM syn2op.run')
    expect(journal).toEqual([{ run_id: resumed.runId, kind: 'online' }])
    await migratedWith(request, { mode: 'final' })
    await expectConverged(other)
  })

  test('is held to that by a run that is gone on with', async () => {
    const other = await stagedPlaces('stages_limited_resumed', 60)
    const runs = await mkdtemp(join(tmpdir(), 'syn2op-limited-'))
    const stop = new AbortController()
    const { asOf: _, ...now } = stagedRequest(other, [])
    const request = {
      ...now,
      readers: 1,
      runs,
      pacing: { maxRate: 20 },
      recorder: fileRecorder({ runs, command: ['syn2op', 'migrate'], warn: () => {} }),
    }
    const progress = { ...request.progress, advance: () => stop.abort() }
    const stopSoon: StopSoon = { asked: stop.signal, finishing: (work) => work() }
    const stopped = await migratedWith({ ...request, progress, stopSoon }, { limit: 30 })
    expect(stopped.endedEarly?.why).toBe('stopped')
    // Whoever has no name is held back by every run, and in no batch.
    const nameless = (await change(other, 'SELECT FROM users WHERE name IS NULL')).length
    const begun = attempted(stopped) - nameless
    expect(begun).toBeLessThan(30)
    const resumed = await migratedWith(request, { limit: 30, resume: true })
    expect(resumed).toMatchObject({ limit: 30, resumed: true, candidates: 30 - begun })
    expect(attempted(resumed)).toBeGreaterThan(attempted(stopped))
    expect(attempted(resumed)).toBeLessThanOrEqual(30 + nameless)

    // Whom MAS refuses is not tried again before all others.
    const [last] = await change(other, `SELECT name FROM users ORDER BY name COLLATE "C" OFFSET 45 LIMIT 1`)
    const localpart = /^@(?<localpart>.+):/.exec(String(last?.['name']))?.groups?.['localpart']
    await other.target.postgres.execute(
      other.target.database,
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF NEW.username COLLATE "C" <= '${localpart}' THEN RAISE check_violation; END IF; RETURN NEW; END $$`,
      'CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON syn2op_loading.users FOR EACH ROW EXECUTE FUNCTION refuse()',
    )
    const refused = await migratedWith(request, { limit: 10 })
    expect(countOf(refused, 'rejected')).toBeGreaterThan(0)
    const others = await migratedWith(request, { limit: 10 })
    expect(countOf(others, 'created')).toBeGreaterThan(countOf(refused, 'created'))
    await rm(runs, { recursive: true })
  })
})
