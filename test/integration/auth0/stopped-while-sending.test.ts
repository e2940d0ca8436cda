import { describe, expect, it } from 'vitest'
import { importFile } from '../../../src/targets/auth0/jobs/import-file.ts'
import { type ImportNotes, keepImportNotes } from '../../../src/targets/auth0/jobs/import-notes.ts'
import { importingInto } from '../../../src/targets/auth0/jobs/importing.ts'
import { openJobPace } from '../../../src/targets/auth0/jobs/job-pace.ts'
import { openJobsAtWork } from '../../../src/targets/auth0/jobs/jobs-at-work.ts'
import { openSlots } from '../../../src/targets/auth0/jobs/slots.ts'
import { waitingClock } from '../../../src/targets/http/waiting-clock.ts'
import { EMAIL_OPTIONAL, type TenantAndApi, tenantAndApi } from '../../support/auth0/tenant-and-api.ts'
import { isImport } from '../../support/auth0/unaddressed.ts'

const PEOPLE = ['one', 'two', 'three']

interface CutOff extends TenantAndApi {
  readonly imports: ImportNotes
  readonly failed: unknown
}

/** Imports people, and ends at once when Auth0 has heard the whole request and has not answered it. */
const cutOff = async (): Promise<CutOff> => {
  const stop = new AbortController()
  const target = await tenantAndApi(
    {},
    { watch: (received) => void (isImport(received) && stop.abort(new Error('Ctrl-C'))) },
  )
  const { standIn, api, clock } = target
  standIn.connection.options = EMAIL_OPTIONAL
  const imports = keepImportNotes(clock)
  const importing = importingInto(api, {
    connectionId: standIn.connection.id,
    slots: openSlots(2),
    pace: openJobPace('enterprise'),
    imports,
    atWork: openJobsAtWork(),
    busy: waitingClock(() => clock.now()),
  })
  const rows = PEOPLE.map((name) => ({ id: `auth0|${name}`, json: JSON.stringify({ user_id: name, username: name }) }))
  const failed: unknown = await importFile(importing, rows, {
    externalId: 'run-1.0.1',
    signal: stop.signal,
    mayBegin: () => true,
    sends: () => () => {},
    isOfRun: () => true,
  }).catch((error: unknown) => error)
  return { ...target, imports, failed }
}

describe('an import that the second Ctrl-C cuts off while it is sent', () => {
  it('stays written down, with whom it makes: it may have arrived, and a rollback must know of it', async () => {
    const { imports, failed, clock, standIn } = await cutOff()
    expect(failed).toMatchObject({ message: 'Ctrl-C' })
    const open = await imports.open()
    expect(open.map(({ about }) => about)).toEqual([{ externalId: 'run-1.0.1', at: expect.any(Number), users: PEOPLE }])
    await clock.sleep(3_600_000)
    await standIn.close()
    expect(standIn.tenant.users.count()).toBe(PEOPLE.length)
  })
})
