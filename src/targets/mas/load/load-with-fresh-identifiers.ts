import type { Client } from 'pg'
import type { TableShape } from '../../../difference/table-shape.ts'
import type { LoadRequest, LoadResult } from '../../road-load.ts'
import { type IdentifierMethod, seedFingerprint } from '../rows/identifiers.ts'
import { IdentifierClash } from './identifier-clash.ts'
import { load } from './load.ts'

export interface FreshLoad {
  readonly request: LoadRequest
  readonly homeSchema: string
  readonly masMigrations: readonly number[]
  readonly seedKey: Uint8Array
  readonly control: Client
  readonly writers: readonly Client[]
  readonly tables: (method: IdentifierMethod) => readonly TableShape[]
  readonly ends: 'in place' | 'aside'
  /** Called once the tables are complete, before anybody can use them. */
  readonly beforeEnd: () => Promise<void>
}

/**
 * Loads with identifiers of the fast derivation; where two of them clash, all is taken back and done again with
 * identifiers that nobody can make clash.
 */
export const loadWithFreshIdentifiers = async (fresh: FreshLoad): Promise<LoadResult> => {
  try {
    return await loadWith(fresh, 'fast')
  } catch (error) {
    if (!(error instanceof IdentifierClash)) throw error
    fresh.request.progress.note(
      `Two identifiers of ${error.table} clash. Starting again with identifiers derived by SHA-256.`,
    )
    return loadWith(fresh, 'sha256')
  }
}

const loadWith = (
  { request, homeSchema, masMigrations, seedKey, control, writers, tables, ends, beforeEnd }: FreshLoad,
  method: IdentifierMethod,
): Promise<LoadResult> =>
  load({
    record: {
      runId: request.runId,
      kind: ends === 'aside' ? 'online' : 'load',
      state: 'loading',
      asOf: request.asOf,
      identifierMethod: method,
      seedFingerprint: seedFingerprint({ method, key: seedKey }),
      mappingSha256: request.mappingSha256,
      serverName: request.serverName,
      homeSchema,
      masMigrations,
    },
    tables: tables(method),
    readers: request.readers,
    control,
    writers,
    expectedRows: request.expectedRows,
    progress: request.progress,
    signal: request.signal,
    ends,
    beforeEnd,
  })
