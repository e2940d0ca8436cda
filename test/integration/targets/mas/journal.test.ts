import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '../../../../src/postgres/connect.ts'
import { createJournal, readRuns } from '../../../../src/targets/mas/load/journal.ts'
import { testPostgres } from '../../../support/postgres.ts'

const DATABASE = 'mas_journal'
const MAKER = 'mas_journal_maker'
const OTHER = 'mas_journal_other'

const postgres = testPostgres()

const as = async <Result>(user: string, work: (client: Awaited<ReturnType<typeof connect>>) => Promise<Result>) => {
  const client = await connect({ ...postgres.settings(DATABASE), user }, { applicationName: 'syn2op test' })
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

describe('the journal in the database of MAS', () => {
  beforeAll(async () => {
    await postgres.createDatabase(DATABASE)
    await postgres.execute(
      DATABASE,
      `CREATE ROLE ${MAKER} LOGIN PASSWORD '${postgres.password}'`,
      `CREATE ROLE ${OTHER} LOGIN PASSWORD '${postgres.password}'`,
      `GRANT CREATE ON DATABASE ${DATABASE} TO ${MAKER}`,
    )
  })
  afterAll(async () => {
    await postgres.execute(DATABASE, `DROP OWNED BY ${MAKER}`, `DROP OWNED BY ${OTHER}`)
    await postgres.execute('postgres', `DROP ROLE ${MAKER}`, `DROP ROLE ${OTHER}`)
  })

  it('has no runs where there is none', async () => {
    expect(await as(OTHER, readRuns)).toEqual([])
  })

  it('names whom to connect as when another role made it, instead of taking it for empty', async () => {
    await as(MAKER, createJournal)
    expect(await as(MAKER, readRuns)).toEqual([])
    await expect(as(OTHER, readRuns)).rejects.toMatchObject({
      code: 'database.not-allowed',
      next: [`Connect as ${MAKER}, as the run did, or: GRANT "${MAKER}" TO "${OTHER}";`],
    })
    await postgres.execute(DATABASE, `GRANT ${MAKER} TO ${OTHER}`)
    expect(await as(OTHER, readRuns)).toEqual([])
  })
})
