import type { Fault, FaultKind } from '../../../../src/rehearsal/standins/auth0/faults.ts'

const isImport = (method: string, path: string): boolean => method === 'POST' && path === '/api/v2/jobs/users-imports'
const isLook = (method: string, path: string): boolean => method === 'GET' && path.startsWith('/api/v2/jobs/job_')
const isOfApi = (_: string, path: string): boolean => path.startsWith('/api/v2/')

/**
 * All that goes wrong with a tenant, so often that each strikes: by numbers without a common divisor, since of two that are due at once
 * the first strikes.
 */
export const EVERYTHING: readonly Fault[] = [
  { kind: 'job sticks', every: 4, times: 8 },
  { kind: 'job fails', every: 5 },
  { kind: 'export lags', times: 1 },
  { kind: 'answer lost', on: isImport, every: 3 },
  { kind: 'twice', on: isImport, every: 7 },
  { kind: 'error after', on: isOfApi, every: 43 },
  { kind: 'error before', on: isOfApi, every: 41 },
  { kind: 'reset before', on: isOfApi, every: 37 },
  { kind: 'too many requests', on: isOfApi, every: 29 },
  // Not twice over one request: a client that is refused a token that is new gives up.
  { kind: 'token expires', on: isLook, every: 13 },
  { kind: 'slow answer', on: isImport, every: 11 },
]

export const KINDS: readonly FaultKind[] = [...new Set(EVERYTHING.map(({ kind }) => kind))]
