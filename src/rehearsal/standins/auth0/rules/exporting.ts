import type { Step } from './rule.ts'

/** Asks for an export. */
export const exporting = (json: unknown, scopes?: readonly string[]): Step => ({
  kind: 'request',
  request: {
    method: 'POST',
    path: '/api/v2/jobs/users-exports',
    json,
    ...(scopes === undefined ? {} : { scopes }),
  },
})

export const NAMES = { format: 'json', fields: [{ name: 'user_id' }, { name: 'email' }] } as const
