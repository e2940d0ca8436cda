import type { Client } from 'pg'
import type { DecidableSource } from '../../../src/migration/slow-road/read-batch.ts'
import { toSourceCatalogue } from '../../../src/synapse/catalogue.ts'
import { buildRelations } from '../../../src/synapse/relations.ts'

/** A source that nobody is in any more: those who left it are looked at, and what becomes of them is for the target to say. */
export const leftSource: DecidableSource = {
  relations: buildRelations(toSourceCatalogue([])),
  rules: {
    serverName: 'example.org',
    asOf: 0,
    ghosts: [],
    providers: [],
    accounts: {
      guests: 'migrate',
      deactivated: 'migrate',
      locked: 'migrate',
      withoutLogin: 'migrate',
      bots: 'migrate',
    },
  },
}

/** Reads it. */
export const readerOfNobody = { query: async () => ({ rows: [] }) } as unknown as Client
