import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import facts from '../../src/synapse/synapse-catalogue.json' with { type: 'json' }
import { compareSource, loadStory, readSourceRecord, type SourceRecord } from '../support/expected-rows.ts'
import { testPostgres } from '../support/postgres.ts'
import { whoami } from '../support/synapse/client.ts'
import { type StoryServer, startStoryServer } from '../support/synapse/real-synapse.ts'

const DATABASE = 'real_synapse_source'

describe('a real Synapse 1.163.2 with the story told', () => {
  let server: StoryServer
  let record: SourceRecord

  beforeAll(async () => {
    const postgres = testPostgres()
    const database = await postgres.createDatabase(DATABASE, { encoding: 'UTF8' })
    server = await startStoryServer(database)
    const client = await postgres.superuser(DATABASE)
    record = await readSourceRecord(client, server.told.labels)
    await client.end()
  }, 180_000)
  afterAll(() => server?.stop())

  test('has the rows that the story tells of, and no others', async () => {
    expect(compareSource(await loadStory('real-synapse'), record)).toEqual([])
  })
  test('look', () => {
    console.log(JSON.stringify(record, null, 1))
  })
})
