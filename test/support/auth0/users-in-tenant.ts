import { simulatedClock } from '../../../src/rehearsal/standins/auth0/clock.ts'
import { type ImportOptions, importRow as importInto } from '../../../src/rehearsal/standins/auth0/import-row.ts'
import { openTenant } from '../../../src/rehearsal/standins/auth0/open-tenant.ts'
import { MANAGEMENT_OPERATIONS } from '../../../src/rehearsal/standins/auth0/operations/index.ts'
import { findOperation } from '../../../src/rehearsal/standins/auth0/router.ts'
import { SCOPES } from '../../../src/rehearsal/standins/auth0/scopes.ts'
import { userBody } from '../../../src/rehearsal/standins/auth0/user-body.ts'
import type { ImportRow } from '../../../src/targets/auth0/accounts/import-row.ts'
import type { UpsertRow } from '../../../src/targets/auth0/accounts/upsert-row.ts'
import type { PresentUser } from '../../../src/targets/auth0/api/user.ts'
import { PRESENT_USER } from '../../../src/targets/auth0/api/user-shapes.ts'

/** A tenant of the stand-in without its server: what one account becomes there. */
export interface UsersInTenant {
  /** @returns why it is refused, in the stand-in's words; undefined: it is done */
  importRow(row: ImportRow): string | undefined
  /** @returns likewise */
  upsertRow(row: UpsertRow): string | undefined
  /** @returns likewise */
  ask(method: 'PATCH' | 'DELETE', id: string, body?: unknown): Promise<string | undefined>
  user(id: string): PresentUser | undefined
}

/** @param options of the connection */
export const usersInTenant = (options: Readonly<Record<string, unknown>>): UsersInTenant => {
  const { tenant, connection } = openTenant({ url: 'http://localhost', plan: 'free', clock: simulatedClock() })
  connection.options = options
  const answer = async (method: string, id: string, json?: unknown): Promise<{ status: number; body?: unknown }> => {
    const segments = ['users', id]
    const found = findOperation(MANAGEMENT_OPERATIONS, method, segments)
    if (found === undefined) throw new Error(`no operation ${method} /users/{id}`)
    const body = Buffer.from(JSON.stringify(json ?? null))
    const incoming = {
      method,
      segments,
      query: new URLSearchParams(),
      headers: {},
      body,
      json,
      scopes: new Set(SCOPES),
    }
    return found.operation.answer(tenant, incoming, found.parameters)
  }
  const importing = (row: unknown, how: ImportOptions): string | undefined => {
    const done = importInto(tenant, connection, JSON.parse(JSON.stringify(row)), how)
    return done.kind === 'refused' ? JSON.stringify(done.errors) : undefined
  }
  return {
    importRow: (row) => importing(row, { upsert: false }),
    upsertRow: (row) => importing(row, { upsert: true }),
    async ask(method, id, body) {
      const { status, body: said } = await answer(method, id, body)
      return status < 400 ? undefined : JSON.stringify(said)
    },
    user(id) {
      const user = tenant.users.byId(id)
      return user === undefined ? undefined : PRESENT_USER.parse(JSON.parse(JSON.stringify(userBody(user))))
    },
  }
}
