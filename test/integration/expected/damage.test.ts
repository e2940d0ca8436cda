import { beforeAll, describe, expect, test } from 'vitest'
import { NEWEST_SYNAPSE } from '../../../src/rehearsal/demo/catalogue.ts'
import { synapseDdl } from '../../../src/rehearsal/demo/ddl.ts'
import {
  compareSource,
  damageStatements,
  loadStory,
  readSourceRecord,
  type SourceRecord,
} from '../../support/expected-rows.ts'
import { testPostgres } from '../../support/postgres.ts'

const DATABASE = 'expected_damage'

describe('the story of damaged rows', () => {
  let record: SourceRecord

  beforeAll(async () => {
    const postgres = testPostgres()
    await postgres.createDatabase(DATABASE, { encoding: 'UTF8' })
    await postgres.execute(DATABASE, ...synapseDdl(NEWEST_SYNAPSE), ...(await damageStatements()))
    const client = await postgres.superuser(DATABASE)
    record = await readSourceRecord(client)
    await client.end()
  })

  test('can be written into Synapse’s tables with all their keys, and tells of every row', async () => {
    expect(compareSource(await loadStory('damage'), record)).toEqual([])
  })

  test('an account or row that the story forgets is noticed', async () => {
    const story = await loadStory('damage')
    const [forgotten, ...accounts] = story.accounts
    expect(forgotten?.account).toBe('@ordinary:d.example:8448')
    expect(compareSource({ ...story, accounts }, record)).toEqual([
      'account "@ordinary:d.example:8448": in the source, not in the story',
    ])
  })
})
