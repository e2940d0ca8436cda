import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EVENTS_STEP, eventsOff } from '../../../../../src/targets/keycloak/prepare/events-step.ts'
import { newestWith, newRecord, withState } from '../../../../../src/targets/keycloak/prepare/undo-record.ts'
import { recordFile, writeRecord } from '../../../../../src/targets/prepare/record-file.ts'

const REALM = { url: 'https://id.example.org', realm: 'people' }

describe('the record of what prepare has done', () => {
  let runs: string
  beforeEach(async () => {
    runs = await mkdtemp(join(tmpdir(), 'records-'))
  })
  afterEach(() => rm(runs, { recursive: true }))

  const keep = async (realm: typeof REALM, at: string): Promise<string> => {
    const off = eventsOff({ eventsEnabled: true })
    const record = withState(newRecord(realm, off === undefined ? [] : [off], new Date(at)), EVENTS_STEP, 'done')
    const file = recordFile(runs, record)
    await writeRecord(file, record, runs)
    return file
  }

  it('is found again as the newest of its realm, whatever else lies there', async () => {
    await keep(REALM, '2026-11-20T10:00:00Z')
    const newest = await keep(REALM, '2026-11-21T10:00:00Z')
    await keep({ ...REALM, realm: 'others' }, '2026-11-22T10:00:00Z')
    await writeFile(join(runs, 'prepare-undo-20261123-100000-000.json'), '{"kind":')
    await writeFile(join(runs, 'prepare-undo-20261124.json.bak'), 'renamed')

    expect((await newestWith(runs, REALM, EVENTS_STEP))?.file).toBe(newest)
  })
})
