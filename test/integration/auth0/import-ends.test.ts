import { describe, expect, it } from 'vitest'
import { importRow } from '../../../src/rehearsal/standins/auth0/import-row.ts'
import type { StandIn, StandInOptions } from '../../../src/rehearsal/standins/auth0/server.ts'
import { importFile } from '../../../src/targets/auth0/jobs/import-file.ts'
import { keepImportNotes } from '../../../src/targets/auth0/jobs/import-notes.ts'
import { importingInto } from '../../../src/targets/auth0/jobs/importing.ts'
import { openJobPace } from '../../../src/targets/auth0/jobs/job-pace.ts'
import { openJobsAtWork } from '../../../src/targets/auth0/jobs/jobs-at-work.ts'
import { openSlots } from '../../../src/targets/auth0/jobs/slots.ts'
import { waitingClock } from '../../../src/targets/http/waiting-clock.ts'
import { answering, type Tampering, tampered } from '../../support/auth0/tampered-api.ts'
import { EMAIL_OPTIONAL, tenantAndApi } from '../../support/auth0/tenant-and-api.ts'

const { signal } = new AbortController()

const ROWS = ['one', 'two', 'three', 'four'].map((name) => ({
  id: `auth0|${name}`,
  json: JSON.stringify({ user_id: name, username: name }),
}))

interface Imported {
  /** By id. */
  readonly fates: Readonly<Record<string, string>>
  /** Ids of those who were looked at. */
  readonly looked: readonly string[]
  readonly jobs: number
  readonly people: number
}

/** Imports four people into a tenant, some of whose answers are others. */
const importInto = async (
  tampering: (standIn: StandIn) => Tampering,
  options: Omit<StandInOptions, 'clock'> = {},
): Promise<Imported> => {
  const { standIn, api, clock } = await tenantAndApi({}, options)
  standIn.connection.options = EMAIL_OPTIONAL
  const importing = importingInto(tampered(api, tampering(standIn)), {
    connectionId: standIn.connection.id,
    slots: openSlots(2),
    pace: openJobPace('enterprise'),
    imports: keepImportNotes(clock),
    atWork: openJobsAtWork(),
    busy: waitingClock(() => clock.now()),
  })
  const fates = await importFile(importing, ROWS, {
    externalId: 'run-1.0.1',
    signal,
    mayBegin: () => true,
    sends: () => () => {},
    isOfRun: () => true,
  })
  const paths = standIn.requests.map(({ method, path }) => `${method} ${decodeURIComponent(path)}`)
  return {
    fates: Object.fromEntries([...fates].map(([id, { kind }]) => [id, kind])),
    looked: paths.flatMap((path) => /^GET .*\/users\/([^?]+)/u.exec(path)?.[1] ?? []),
    jobs: paths.filter((path) => path.startsWith('POST') && path.endsWith('/users-imports')).length,
    people: standIn.tenant.users.count(),
  }
}

const EVERYBODY = ROWS.map(({ id }) => id)
const ALL_CREATED = Object.fromEntries(EVERYBODY.map((id) => [id, 'created']))

const untouched = (): Tampering => () => undefined

const errorsAre =
  (status: number, body: unknown) =>
  (): Tampering =>
  ({ method, path }) =>
    method === 'GET' && path.endsWith('/errors') ? answering(status, body) : undefined

/** The first job that has ended is told of with other counts. */
const countingOnce = (inserted: number) => (): Tampering => {
  let isTold = false
  return ({ method, path }, ask) => {
    if (isTold || method !== 'GET' || !/^jobs\/[^/]+$/u.test(path)) return undefined
    return ask().then((answer) => {
      const job = Object(answer.body)
      if (job.status !== 'completed') return answer
      isTold = true
      return { ...answer, body: { ...job, summary: { ...job.summary, inserted } } }
    })
  }
}

/** Somebody else has the username of one of the four, whom Auth0 refuses without saying who that is. */
const refusingNobodyByName =
  (username: string) =>
  ({ tenant, connection }: StandIn): Tampering => {
    importRow(tenant, connection, { user_id: 'somebody-else', username }, { upsert: false })
    return ({ method, path }, ask) => {
      if (method !== 'GET' || !path.endsWith('/errors')) return undefined
      return ask().then((answer) => ({
        ...answer,
        body: Array.isArray(answer.body) ? answer.body.map(unnamed) : answer.body,
      }))
    }
  }

const unnamed = (row: unknown): unknown => {
  const { user, ...rest } = Object(row)
  const { user_id: _, ...others } = Object(user)
  return { ...rest, user: others }
}

describe('whom an import job has made', () => {
  it('is taken from its counts, without a look at anybody, where these are of everybody', async () => {
    expect(await importInto(untouched)).toEqual({ fates: ALL_CREATED, looked: [], jobs: 1, people: 4 })
  })

  it('is looked up by id where the job comes without counts', async () => {
    const { fates, looked } = await importInto(untouched, { faults: [{ kind: 'no summary' }] })
    expect(fates).toEqual(ALL_CREATED)
    expect(looked.toSorted()).toEqual(EVERYBODY.toSorted())
  })

  it.each([
    ['are gone', 404, { statusCode: 404, error: 'Not Found', message: 'The job does not exist.' }],
    ['are the job itself', 200, { id: 'job_0000000000000001', type: 'users_import', status: 'completed' }],
  ])('is looked up by id where the errors of the job %s', async (_, status, body) => {
    const { fates, looked } = await importInto(errorsAre(status, body))
    expect(fates).toEqual(ALL_CREATED)
    expect(looked.toSorted()).toEqual(EVERYBODY.toSorted())
  })

  it('is looked up by id where the job counts fewer than there were', async () => {
    const { fates, looked } = await importInto(countingOnce(3))
    expect(fates).toEqual(ALL_CREATED)
    expect(looked.toSorted()).toEqual(EVERYBODY.toSorted())
  })

  it('is looked up by id where the job refuses somebody without saying whom, who is told as made by nobody', async () => {
    const { fates, looked, people } = await importInto(refusingNobodyByName('two'))
    expect(fates).toEqual({ ...ALL_CREATED, 'auth0|two': 'clash' })
    expect(new Set(looked)).toEqual(new Set(EVERYBODY))
    expect(people).toBe(4)
  })

  it('is sent again where the job says that it has ended, without counts, and somebody is not there', async () => {
    let isFirst = true
    const withoutTwo =
      ({ tenant }: StandIn): Tampering =>
      ({ path }) => {
        if (!path.endsWith('/errors') || !isFirst) return undefined
        isFirst = false
        tenant.users.remove('auth0|two')
        return undefined
      }
    const { fates, jobs, people } = await importInto(withoutTwo, { faults: [{ kind: 'no summary' }] })
    expect(fates).toEqual(ALL_CREATED)
    expect(jobs).toBe(2)
    expect(people).toBe(4)
  })
})
