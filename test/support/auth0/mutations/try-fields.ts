import { isDeepStrictEqual } from 'node:util'
import { isObject } from '../../../../src/rehearsal/standins/auth0/json.ts'
import { ask, type Remembered } from '../ask-tenant.ts'
import { type GivenTenant, givenTenant } from '../given-tenant.ts'
import type { Ours } from '../recorded-requests/ours.ts'
import type { FieldMutation } from './fields.ts'

/** What is said of a body: nothing where it is taken. */
export interface Said {
  readonly code?: unknown
  readonly path?: unknown
}

export interface TriedFields {
  /** Of each broken body what is said, all of it. */
  readonly broken: readonly (readonly Said[])[]
  readonly kept: readonly Said[]
}

/** Until a job has ended, milliseconds, longer each time. */
const FIRST_PAUSE = 1000

/** All rows in one file, that which is kept to the rules at its end. */
const tryRows = async (tenant: GivenTenant, our: Ours, { broken, kept }: FieldMutation): Promise<TriedFields> => {
  const remembered: Remembered = {}
  const reply = await ask(tenant, our.submitting([...broken, kept]), remembered)
  const job = tenant.standIn.tenant.jobs.get(remembered.job ?? '')
  if (job === undefined) throw new Error(`no job: ${JSON.stringify(reply)}`)
  for (let pause = FIRST_PAUSE; job.endedAt === undefined; pause *= 2) await tenant.wait(pause)
  const said = (row: unknown): readonly Said[] =>
    job.errors.filter(({ user }) => isDeepStrictEqual(user, row)).flatMap(({ errors }) => errors)
  const whole = job.status === 'completed' && job.summary?.inserted === 1 ? [] : [{ code: job.status }]
  return { broken: broken.map(said), kept: [...whole, ...said(kept)] }
}

const PROPERTY = /on property (?<path>[^ ']+)/u

/** One request after the other, that which is kept to the rules at the end. */
const tryRequests = async (tenant: GivenTenant, mutation: FieldMutation): Promise<TriedFields> => {
  const { request, broken, kept } = mutation
  const say = async (json: unknown): Promise<readonly Said[]> => {
    if (request === undefined) return []
    const { status, body } = await ask(tenant, { ...request, json }, {})
    if (status < 400) return []
    if (!isObject(body)) return [{ code: status }]
    return [{ code: body['errorCode'], path: PROPERTY.exec(String(body['message']))?.groups?.['path'] ?? '' }]
  }
  const said: (readonly Said[])[] = []
  for (const body of broken) said.push(await say(body))
  return { broken: said, kept: await say(kept) }
}

/** Sends what is broken, and then what is kept, to a fresh stand-in. */
export const tryFields = async (our: Ours, mutation: FieldMutation): Promise<TriedFields> => {
  const tenant = await givenTenant(mutation.given)
  try {
    return await (mutation.request === undefined ? tryRows(tenant, our, mutation) : tryRequests(tenant, mutation))
  } finally {
    await tenant.standIn.close()
  }
}
