import { afterAll, describe, expect, it } from 'vitest'
import { configFolder } from '../../support/synapse/config-folder.ts'

const folder = configFolder()
afterAll(() => folder.remove())

const homeserver = (databases: string): Readonly<Record<string, string>> => ({
  'homeserver.yaml': `server_name: a.example\ndatabases:\n${databases}`,
})
const line = (name: string, stores: string): string =>
  `  ${name}: { name: psycopg2, ${stores}args: { user: u, dbname: ${name}_db, host: db } }\n`

describe('a Synapse with several databases', () => {
  it('is read from the one with the accounts, wherever it stands', async () => {
    const config = await folder.load(
      homeserver(line('rooms', 'data_stores: [state], ') + line('people', 'data_stores: [main], ')),
    )
    expect(config.database).toMatchObject({ database: 'people_db', host: 'db', user: 'u' })
    expect(config.database?.origin).toMatch(/homeserver\.yaml:4$/)
    expect(config.databases).toEqual([
      { name: 'people', dataStores: ['main'] },
      { name: 'rooms', dataStores: ['state'] },
    ])
  })

  it('has both stores in one that names none', async () => {
    const config = await folder.load(homeserver(line('all', '')))
    expect(config.databases).toEqual([{ name: 'all', dataStores: ['main', 'state'] }])
  })

  it('may give the store as a text, and name one that Synapse ignores', async () => {
    const config = await folder.load(
      homeserver(line('one', 'data_stores: main, ') + line('two', 'data_stores: [state, media], ')),
    )
    expect(config.database?.database).toBe('one_db')
  })

  it('may keep the accounts in SQLite', async () => {
    const config = await folder.load(homeserver('  m: { name: sqlite3, args: { database: /data/hs.db } }\n'))
    expect(config).toMatchObject({ sqlite: '/data/hs.db' })
  })

  it.each([
    [
      'no database for the accounts',
      line('rooms', 'data_stores: [state], '),
      ['3: no database of `databases` has the data store main'],
    ],
    [
      'a misspelt store',
      line('a', 'data_stores: [mian, state], '),
      [
        '3: no database of `databases` has the data store main',
        '3: `databases.a.data_stores`: the stores are main and state',
      ],
    ],
    [
      'two for the accounts',
      line('a', 'data_stores: [main], ') + line('b', ''),
      ['4: `databases.a` and `databases.b` both have the data store main'],
    ],
    [
      'an argument at fault',
      '  a: { name: psycopg2, args: { user: u,\n      port: many } }\n',
      ['4: `databases.a.args`: port is not a whole number from 1 to 65535'],
    ],
    ['another kind of database', '  a: { name: mysql }\n', ['3: `databases.a.name` must be psycopg2 or sqlite3']],
    ['a list', '  - { name: psycopg2 }\n', ['3: `databases` must be a map of keys and values']],
    [
      'one beside them',
      `${line('a', '')}database: { name: psycopg2, args: { user: u } }\n`,
      ['4: `database` and `databases` are both given'],
    ],
  ])('is refused with %s, by its line', async (_, databases, problems) => {
    expect(await folder.problems(homeserver(databases))).toEqual(problems.map((each) => `homeserver.yaml:${each}`))
  })
})
