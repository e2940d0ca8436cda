import { afterAll, describe, expect, it } from 'vitest'
import { startTestPostgres, testPostgres } from '../../support/postgres.ts'

describe('the test server', () => {
  const server = testPostgres()

  it('creates a database anew, whatever was in it', async () => {
    await server.createDatabase('support_anew')
    await server.execute('support_anew', 'CREATE TABLE left_over (id int)')
    await server.createDatabase('support_anew')
    expect(await server.execute('support_anew', `SELECT to_regclass('left_over') AS found`)).toEqual([{ found: null }])
  })

  it('creates databases in another encoding and from a template', async () => {
    await server.createDatabase('support_latin1', { encoding: 'LATIN1' })
    expect(await server.execute('support_latin1', 'SHOW server_encoding')).toEqual([{ server_encoding: 'LATIN1' }])
    await server.execute('support_latin1', 'CREATE TABLE marker (id int)')
    await server.createDatabase('support_copy', { template: 'support_latin1' })
    expect(await server.execute('support_copy', 'SELECT count(*)::int AS n FROM marker')).toEqual([{ n: 0 }])
  })
})

describe('a server of one’s own', () => {
  const started = startTestPostgres({ configuration: { max_connections: '12' } })
  afterAll(async () => (await started).stop())

  it('takes the configuration it is given', async () => {
    const own = await started
    expect(await own.execute('postgres', 'SHOW max_connections')).toEqual([{ max_connections: '12' }])
  })
})
