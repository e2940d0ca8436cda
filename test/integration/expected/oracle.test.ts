import { expect, test } from 'vitest'
import { NEWEST_SYNAPSE } from '../../../src/rehearsal/demo/catalogue.ts'
import { synapseDdl } from '../../../src/rehearsal/demo/ddl.ts'
import { ulidToUuid } from '../../../src/targets/mas/config/ulid.ts'
import {
  compareRows,
  damageStatements,
  emptySourceRecord,
  loadStory,
  readSourceRecord,
  storyCounts,
} from '../../support/expected-rows.ts'
import { countsOf, decide, wantedOf } from '../../support/oracle.ts'
import { testPostgres } from '../../support/postgres.ts'

const DATABASE = 'expected_oracle'

test('the oracle wants of the damaged rows what was written down by hand, each for the same reason', async () => {
  const postgres = testPostgres()
  await postgres.createDatabase(DATABASE, { encoding: 'UTF8' })
  await postgres.execute(DATABASE, ...synapseDdl(NEWEST_SYNAPSE), ...(await damageStatements()))
  const client = await postgres.superuser(DATABASE)
  const record = await readSourceRecord(client)
  await client.end()
  const story = await loadStory('damage')
  const decided = decide(record, {
    serverName: story.server_name,
    asOf: Date.parse(story.as_of),
    mapping: { ...story.mapping, accounts: story.mapping },
    providers: Object.fromEntries(Object.entries(story.providers).map(([name, ulid]) => [name, ulidToUuid(ulid)])),
  })
  const counts = [...storyCounts(story)].map(([relation, ofRelation]) => [relation, Object.fromEntries(ofRelation)])
  expect(countsOf(decided)).toEqual(Object.fromEntries(counts))
  expect(compareRows(story, wantedOf(decided), emptySourceRecord)).toEqual([])
})
