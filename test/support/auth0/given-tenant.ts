import { hash } from 'bcryptjs'
import { simulatedClock } from '../../../src/rehearsal/standins/auth0/clock.ts'
import type { Fault } from '../../../src/rehearsal/standins/auth0/faults.ts'
import { importRow } from '../../../src/rehearsal/standins/auth0/import-row.ts'
import { auth0Id } from '../../../src/rehearsal/standins/auth0/jobs/job-id.ts'
import { MANAGEMENT_OPERATIONS } from '../../../src/rehearsal/standins/auth0/operations/index.ts'
import { findOperation } from '../../../src/rehearsal/standins/auth0/router.ts'
import type { Given } from '../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { SCOPES } from '../../../src/rehearsal/standins/auth0/scopes.ts'
import { type StandIn, startStandIn } from '../../../src/rehearsal/standins/auth0/server.ts'
import type { Connection, Tenant } from '../../../src/rehearsal/standins/auth0/tenant.ts'

/** A stand-in as a trial wants it. The clock stands still unless the trial lets go of it. */
export interface GivenTenant {
  readonly standIn: StandIn
  readonly enterprise?: Connection
  /** The `user_id` of the first who is there. */
  readonly firstUser?: string
  /** On the tenant's clock. */
  wait(ms: number): Promise<void>
}

type GivenUser = NonNullable<Given['users']>[number]

/** Asks an operation as the administrator of the tenant would: no token, no limit. */
const administer = async (tenant: Tenant, method: string, path: string, json: unknown): Promise<unknown> => {
  const segments = path.split('/').slice(1)
  const found = findOperation(MANAGEMENT_OPERATIONS, method, segments)
  if (found === undefined) throw new Error(`no operation ${method} ${path}`)
  const body = Buffer.from(JSON.stringify(json))
  const headers = { 'content-type': 'application/json' }
  const query = new URLSearchParams()
  const incoming = { method, segments, query, headers, body, json, scopes: new Set(SCOPES) }
  const answer = await found.operation.answer(tenant, incoming, found.parameters)
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** After so many milliseconds searches see who is there. */
const UNTIL_FOUND = 60_000

/** The cost of a hash that takes no time. */
const CHEAPEST = 4

const NOBODY_KNOWS = 'Nobody-knows-this-1-of-theirs!'

const addEnterprise = async (
  { tenant, client }: StandIn,
  { strategy, scim, options = {} }: NonNullable<Given['enterprise']>,
): Promise<Connection> => {
  const connection: Connection = {
    id: auth0Id('con'),
    name: 'company',
    strategy,
    options,
    enabledClients: new Set([client.id]),
  }
  tenant.connections.set(connection.id, connection)
  if (scim) await administer(tenant, 'POST', `/connections/${connection.id}/scim-configuration`, {})
  return connection
}

/** Those whom an import does not let in come by `POST /users`, which takes its time for their passwords. */
const addUser = async ({ tenant, connection }: StandIn, { password, ...user }: GivenUser): Promise<void> => {
  const store = tenant.users
  const before = new Set(store.all())
  if (importRow(tenant, connection, user, { upsert: false }).kind !== 'inserted') {
    const body = { password: password ?? NOBODY_KNOWS, ...user, connection: connection.name }
    await administer(tenant, 'POST', '/users', body)
    return
  }
  const [added] = [...store.all()].filter((each) => !before.has(each))
  if (typeof password === 'string' && added !== undefined)
    store.put({ ...added, password: { kind: 'own', bcrypt: await hash(password, CHEAPEST) } })
}

/** Starts a stand-in for one trial, which goes wrong as it is told to; close it. */
export const givenTenant = async (given: Given = {}, faults: readonly Fault[] = []): Promise<GivenTenant> => {
  const clock = simulatedClock()
  let release = clock.hold()
  const standIn = await startStandIn({
    clock,
    faults,
    plan: given.plan ?? 'enterprise',
    ...(given.rowsAnHour === undefined ? {} : { jobSpeed: given.rowsAnHour }),
  })
  const { tenant, connection, client } = standIn
  if (given.grantTypes !== undefined) tenant.clients.set(client.id, { ...client, grantTypes: given.grantTypes })
  connection.options = { ...connection.options, ...given.connection?.options }
  if (given.connection?.enabled === false) connection.enabledClients.clear()
  const enterprise = given.enterprise === undefined ? undefined : await addEnterprise(standIn, given.enterprise)
  for (const user of given.users ?? []) await addUser(standIn, user)
  const wait = async (ms: number): Promise<void> => {
    release()
    await clock.sleep(ms)
    release = clock.hold()
  }
  const [first] = tenant.users.all()
  if (first !== undefined) await wait(UNTIL_FOUND)
  return {
    standIn,
    wait,
    ...(enterprise === undefined ? {} : { enterprise }),
    ...(first === undefined ? {} : { firstUser: first.userId }),
  }
}
