import { expect, test } from 'vitest'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { verify } from '../../../src/migration/verify.ts'
import type { RunDocument } from '../../../src/report/documents.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { migratedAs } from '../../support/migration/online.ts'
import { demoProviders, demoRequest } from '../../support/migration/requests.ts'
import { migrated, wrongTables } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'

/** What a load asks for: one that keeps the books, and its writers. */
const OF_A_LOAD = 4
/** The least that a check lets pass for all other runs. */
const LEAST = 2

/** A homeserver and an empty MAS, whose role may open only so many connections. */
const withRole = async (
  name: string,
  work: (given: {
    readonly request: MigrationRequest
    allow(connections: number): Promise<void>
    addPerson(localpart: string): Promise<void>
  }) => Promise<void>,
): Promise<void> => {
  const postgres = testPostgres()
  const [source, target] = [`${name}_synapse`, `${name}_mas`]
  const synapse = await createDemoHomeserver(postgres, source, { accounts: 150 })
  const mas = await createMasDatabase(postgres, target, demoProviders)
  await postgres.execute(
    target,
    `DROP ROLE IF EXISTS ${name}`,
    `CREATE ROLE ${name} LOGIN PASSWORD '${postgres.password}' IN ROLE ${postgres.user}`,
  )
  const request = demoRequest({ synapse, mas: { ...mas, user: name } })
  try {
    await work({
      request: { ...request, accept: [...request.accept, 'SYNAPSE_RUNNING'] },
      allow: async (connections) => {
        await postgres.execute('postgres', `ALTER ROLE ${name} CONNECTION LIMIT ${connections}`)
      },
      addPerson: async (localpart) => {
        await postgres.execute(
          source,
          `INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated)
           VALUES ('@${localpart}:demo.example', '$2b$12$0123456789012345678901uWQbLwZG1rcGiPdcgBCPzfnMZOvRVLq', 1700000000, 0, 0, 0)`,
        )
      },
    })
  } finally {
    await postgres.execute(target, `REASSIGN OWNED BY ${name} TO ${postgres.user}`, `DROP ROLE ${name}`)
  }
}

const counts = ({ outcomes = [] }: Pick<RunDocument, 'outcomes'>): readonly (number | undefined)[] =>
  ['created', 'rejected'].map((wanted) => outcomes.find(({ outcome }) => outcome === wanted)?.count ?? 0)

test('a migration and one beside the people that it wrote end well with as many connections as their checks ask for', async () => {
  await withRole('few_once', async ({ request, allow, addPerson }) => {
    await allow(OF_A_LOAD)
    await migrated(request)
    await addPerson('late')
    await allow(LEAST)
    expect(counts(await migrated(request))).toEqual([1, 0])
    expect(wrongTables(await verify(request))).toEqual([])
  })
})

test('a copy, what brings it up to date, and the final run do too', async () => {
  await withRole('few_online', async ({ request, allow, addPerson }) => {
    await allow(OF_A_LOAD)
    await migratedAs('online', request)
    await allow(LEAST)
    await addPerson('late')
    expect(counts(await migratedAs('online', request))).toEqual([1, 0])
    await addPerson('later')
    expect(counts(await migratedAs('final', request))).toEqual([1, 0])
    expect(wrongTables(await verify(request))).toEqual([])
  })
})
