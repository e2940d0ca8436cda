import type { Step } from './rule.ts'

/** Somebody whom every database connection of the trials takes. */
export const ANN = { email: 'ann@example.org', email_verified: true, username: 'ann' } as const
export const BEA = { email: 'bea@example.org', email_verified: true, username: 'bea' } as const

/** A row that no connection takes: its e-mail address is a number. */
export const NOBODY = { email: 7, email_verified: true, username: 'nobody' } as const

/** The parts of an import of one row. */
export const importParts = (row: unknown): Readonly<Record<string, string>> => ({
  users: JSON.stringify([row]),
  connection_id: '{connection}',
  send_completion_email: 'false',
})

export const importing = (...rows: readonly unknown[]): Step => ({ kind: 'import', rows })

/** Sends an import of one row, and does not wait for its job. */
export const starting = (row: unknown): Step => ({
  kind: 'request',
  request: { method: 'POST', path: '/api/v2/jobs/users-imports', multipart: importParts(row) },
})

export const reading = (path: string, scopes?: readonly string[]): Step => ({
  kind: 'request',
  request: { method: 'GET', path, ...(scopes === undefined ? {} : { scopes }) },
})

export const waiting = (ms: number): Step => ({ kind: 'wait', ms })

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
