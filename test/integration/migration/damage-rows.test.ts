import { beforeAll, describe, expect, test } from 'vitest'
import { plan } from '../../../src/migration/plan.ts'
import { verify } from '../../../src/migration/verify.ts'
import { NEWEST_SYNAPSE } from '../../../src/rehearsal/demo/catalogue.ts'
import { synapseDdl } from '../../../src/rehearsal/demo/ddl.ts'
import type { RunDocument } from '../../../src/report/documents.ts'
import { readDecisions } from '../../support/expected-rows/read-decisions.ts'
import {
  compareDecisions,
  compareRows,
  damageStatements,
  emptySourceRecord,
  loadStory,
  readMasRows,
  type Story,
  storyCounts,
} from '../../support/expected-rows.ts'
import { createMasDatabase } from '../../support/migration/mas-database.ts'
import { type Ends, storyProviders, storyRequest } from '../../support/migration/requests.ts'
import { migrated, wrongTables } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'

describe('what years of damage leave behind, migrated', () => {
  let story: Story
  let ends: Ends
  let document: RunDocument

  beforeAll(async () => {
    const postgres = testPostgres()
    story = await loadStory('damage')
    const synapse = await postgres.createDatabase('damage_rows_synapse', { encoding: 'UTF8' })
    await postgres.execute(synapse.database, ...synapseDdl(NEWEST_SYNAPSE), ...(await damageStatements()))
    ends = { synapse, mas: await createMasDatabase(postgres, 'damage_rows_mas', storyProviders(story)) }
    document = await migrated(storyRequest(story, ends))
  })

  test('every account and row gets the decision that was written down by hand', async () => {
    const client = await testPostgres().superuser(ends.synapse.database)
    const decided = await readDecisions(client, story)
    await client.end()
    expect(compareDecisions(story, decided, emptySourceRecord)).toEqual([])
  })

  test('MAS holds the rows that were written down by hand, and no others', async () => {
    const client = await testPostgres().superuser(ends.mas.database)
    const rows = await readMasRows(client)
    await client.end()
    expect(compareRows(story, rows, emptySourceRecord)).toEqual([])
  })

  test('the run counts each reason as often as the story gives it', () => {
    const wanted = [...storyCounts(story)].map(([relation, counts]) => [relation, Object.fromEntries(counts)])
    const counted = document.relations.map(({ relation, carried, left }) => [
      relation,
      Object.fromEntries([['carry', carried], ...left.map(({ reason, count }) => [reason, count])]),
    ])
    expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(wanted))
  })

  test('a mapping that names a provider which MAS lacks is refused before anything is counted', async () => {
    const request = storyRequest(story, ends)
    const mapping = { ...request.mapping, providers: { 'oidc-old': 'oidc-keyclock' } }
    await expect(plan({ ...request, mapping })).rejects.toMatchObject({
      code: 'mapping.invalid',
      message: expect.stringContaining('damage.yaml'),
      problems: [
        { message: expect.stringContaining('`providers.oidc-old`: the target has no provider oidc-keyclock') },
      ],
    })
  })

  test('a verification finds nothing', async () => {
    expect(wrongTables(await verify(storyRequest(story, ends)))).toEqual([])
  })
})
