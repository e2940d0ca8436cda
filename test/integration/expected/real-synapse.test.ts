import { beforeAll, describe, expect, test } from 'vitest'
import { readDecisions } from '../../support/expected-rows/read-decisions.ts'
import {
  compareDecisions,
  compareRows,
  loadStory,
  readMasRows,
  readSourceRecord,
  type SourceRecord,
  type Story,
} from '../../support/expected-rows.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { type Ends, storyProviders, storyRequest } from '../../support/migration/requests.ts'
import { migrated } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'
import { whyNoSynapse } from '../../support/synapse/install.ts'
import { startStoryServer } from '../../support/synapse/real-synapse.ts'

const missing = process.env['SYN2OP_TEST_REQUIRE'] === 'all' ? undefined : await whyNoSynapse()

describe.skipIf(missing)(`what a real Synapse made, migrated${missing ? ` (${missing})` : ''}`, () => {
  let story: Story
  let record: SourceRecord
  let ends: Ends

  beforeAll(async () => {
    const postgres = testPostgres()
    const synapse = await postgres.createDatabase('expected_real_synapse', { encoding: 'UTF8' })
    const server = await startStoryServer(synapse)
    await server.stop()
    story = await loadStory('real-synapse')
    const client = await postgres.superuser(synapse.database)
    record = await readSourceRecord(client, server.told.labels)
    await client.end()
    ends = { synapse, mas: await createMasDatabase(postgres, 'expected_real_synapse_mas', storyProviders(story)) }
    await migrated(storyRequest(story, ends))
  })

  test('every account and row gets the decision that was written down by hand', async () => {
    const client = await testPostgres().superuser(ends.synapse.database)
    const decided = await readDecisions(client, story)
    await client.end()
    expect(compareDecisions(story, decided, record)).toEqual([])
  })

  test('MAS holds the rows that were written down by hand, and no others', async () => {
    const client = await testPostgres().superuser(ends.mas.database)
    const rows = await readMasRows(client)
    await client.end()
    expect(compareRows(story, rows, record)).toEqual([])
  })
})
