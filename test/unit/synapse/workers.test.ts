import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { configFolder } from '../../support/synapse/config-folder.ts'

const folder = configFolder()
afterAll(() => folder.remove())

const database = (host: string): string => `database: { name: psycopg2, args: { user: u, dbname: s, host: ${host} } }\n`
const MAIN = `server_name: a.example\n${database('db')}`
const worker = (name: string, more = ''): string =>
  `worker_app: synapse.app.generic_worker\nworker_name: ${name}\n${more}`
const ALL = ['homeserver.yaml', 'workers/one.yaml', 'workers/two.yaml']

describe('the workers of a Synapse', () => {
  it('are known by their files, whose settings count for themselves alone', async () => {
    const config = await folder.load(
      {
        'homeserver.yaml': MAIN,
        'workers/one.yaml': worker('one', 'server_name: elsewhere\nallow_guest_access: true\n'),
        'workers/two.yaml': worker('two', database('db')),
      },
      ALL,
    )
    expect(config).toMatchObject({ serverName: 'a.example', allowGuestAccess: false })
    expect(config.workers).toEqual([
      { name: 'one', file: join(folder.path, 'workers/one.yaml') },
      { name: 'two', file: join(folder.path, 'workers/two.yaml') },
    ])
    expect(config.files).toHaveLength(3)
  })

  it('are known by name where homeserver.yaml gives them something to do', async () => {
    const { workers } = await folder.load({
      'homeserver.yaml': `${MAIN}instance_map:
  main: { host: localhost, port: 9093 }
  events1: { host: localhost, port: 9094 }
stream_writers: { events: [events1, events2], typing: typist, account_data: main }
federation_sender_instances: [sender1]
pusher_instances: []
run_background_tasks_on: background
notify_appservices_from_worker: master
`,
    })
    expect(workers).toEqual(['events1', 'events2', 'typist', 'sender1', 'background'].map((name) => ({ name })))
  })

  it('are told once, with their file, where both know them', async () => {
    const { workers } = await folder.load(
      { 'homeserver.yaml': `${MAIN}pusher_instances: [one]\n`, 'workers/one.yaml': worker('one') },
      ALL.slice(0, 2),
    )
    expect(workers.map(({ name }) => name)).toEqual(['one'])
  })

  it('say where their database is another one', async () => {
    const { workers } = await folder.load(
      { 'homeserver.yaml': MAIN, 'workers/one.yaml': worker('one', database('pooler')) },
      ALL.slice(0, 2),
    )
    expect(workers[0]?.database).toBe('u@pooler:5432/s')
  })

  it('do not make a homeserver by themselves', async () => {
    expect(await folder.problems({ 'workers/one.yaml': worker('one') })).toEqual([
      'workers/one.yaml:1: this is the file of a worker; homeserver.yaml is missing',
    ])
  })

  it('are not the main process, which may say so too', async () => {
    const { workers } = await folder.load({ 'homeserver.yaml': `worker_app: synapse.app.homeserver\n${MAIN}` })
    expect(workers).toEqual([])
  })
})
