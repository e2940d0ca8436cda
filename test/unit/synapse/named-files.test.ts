import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { configFolder } from '../../support/synapse/config-folder.ts'

const folder = configFolder()
afterAll(() => folder.remove())

const SMALLEST = 'server_name: a.example\ndatabase: { name: psycopg2, args: { user: u } }\n'
const IRC = `id: irc
url: http://127.0.0.1:9999
as_token: s3cret-of-irc
hs_token: s3cret-too
sender_localpart: ircbot
rate_limited: false
io.element.msc4190: true
namespaces:
  users:
    - { exclusive: true, regex: '@_irc_.*:a\\.example' }
    - { exclusive: false, regex: '@.*' }
`
const registered = (...names: readonly string[]): string =>
  `${SMALLEST}app_service_config_files:\n${names.map((name) => `  - ${name}\n`).join('')}`

describe('the registrations of application services', () => {
  it('are read beside homeserver.yaml', async () => {
    const config = await folder.load({ 'homeserver.yaml': registered('bridges/irc.yaml'), 'bridges/irc.yaml': IRC })
    expect(config.applicationServices).toEqual([
      {
        id: 'irc',
        file: join(folder.path, 'bridges/irc.yaml'),
        sender: 'ircbot',
        users: [
          { regex: '@_irc_.*:a\\.example', exclusive: true },
          { regex: '@.*', exclusive: false },
        ],
        msc4190: true,
      },
    ])
    expect(config.unreadable).toEqual([])
    expect(JSON.stringify(config)).not.toContain('s3cret')
  })

  it('will do without tokens and without namespaces of users', async () => {
    const text = 'id: a\nsender_localpart: a\nnamespaces: { rooms: [] }\n'
    const config = await folder.load({ 'homeserver.yaml': registered('a.yaml'), 'a.yaml': text })
    expect(config.applicationServices).toMatchObject([{ id: 'a', users: [], msc4190: false }])
  })

  it('are no mistake where they are not here, as with the paths of a container', async () => {
    const config = await folder.load({
      'homeserver.yaml': registered('/data/of-a-container/irc.yaml', 'irc.yaml'),
      'irc.yaml': IRC,
    })
    expect(config.applicationServices.map(({ id }) => id)).toEqual(['irc'])
    expect(config.unreadable).toEqual([
      {
        file: '/data/of-a-container/irc.yaml',
        key: 'app_service_config_files[0]',
        why: 'there is no such file here',
      },
    ])
  })

  it('are refused by their own file and line, all at once', async () => {
    const problems = await folder.problems({
      'homeserver.yaml': registered('a.yaml', 'b.yaml', 'c.yaml', 'd.yaml', '7'),
      'a.yaml': 'id: 7\nnamespaces:\n  users:\n    - { regex: "@a" }\n    - { exclusive: yes }\n',
      'b.yaml': 'id: b\nsender_localpart: b\nio.element.msc4190: perhaps\n',
      'c.yaml': IRC,
      'd.yaml': `# the same again\n${IRC}`,
    })
    expect(problems).toEqual([
      'a.yaml:1: `id` must be a text',
      'a.yaml:1: `sender_localpart` is missing',
      'a.yaml:4: `namespaces.users[0].exclusive` is missing',
      'a.yaml:5: `namespaces.users[1].regex` is missing',
      'b.yaml:1: `namespaces` is missing',
      'b.yaml:3: `io.element.msc4190` must be true or false',
      `d.yaml:undefined: has the same id as ${join(folder.path, 'c.yaml')}`,
      'homeserver.yaml:8: `app_service_config_files[4]` must be a text',
    ])
  })

  it('show nothing of what they hold where they are no YAML', async () => {
    const broken = folder.load({ 'homeserver.yaml': registered('a.yaml'), 'a.yaml': 'as_token: "s3cret\n' })
    await expect(broken).rejects.toSatisfy((error) => !JSON.stringify(error).includes('s3cret'))
  })

  it('carry their namespaces exactly as written', async () => {
    const regexes = fc.array(fc.string({ minLength: 1 }), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(regexes, async (wanted) => {
        const text = stringify(
          {
            id: 'a',
            sender_localpart: 'a',
            namespaces: { users: wanted.map((regex) => ({ regex, exclusive: true })) },
          },
          { version: '1.1', defaultStringType: 'QUOTE_DOUBLE' },
        )
        const config = await folder.load({ 'homeserver.yaml': registered('a.yaml'), 'a.yaml': text })
        expect(config.applicationServices[0]?.users.map(({ regex }) => regex)).toEqual(wanted)
      }),
      { numRuns: 40 },
    )
  })
})

describe('the secret that Synapse and MAS share', () => {
  const section = (text: string): string => `${SMALLEST}matrix_authentication_service: { enabled: true, ${text} }\n`

  it('stands in homeserver.yaml, or in a file that it names', async () => {
    const here = await folder.load({ 'homeserver.yaml': section('endpoint: "http://mas:8080/", secret: shared') })
    expect(here.delegation).toMatchObject({ enabled: true, endpoint: 'http://mas:8080/', secret: 'shared' })
    const there = await folder.load({
      'homeserver.yaml': section('secret_path: mas.secret'),
      'mas.secret': ' shared\n',
    })
    expect(there.delegation).toMatchObject({ secret: 'shared' })
    expect((await folder.load({ 'homeserver.yaml': SMALLEST })).delegation).toBeUndefined()
  })

  it('is not known where its file is not here', async () => {
    const config = await folder.load({ 'homeserver.yaml': section('secret_path: /run/secrets/mas') })
    expect(config.delegation).not.toHaveProperty('secret')
    expect(config.unreadable).toEqual([
      {
        file: '/run/secrets/mas',
        key: 'matrix_authentication_service.secret_path',
        why: 'there is no such file here',
      },
    ])
  })

  it('is no problem of the file where it is wrong: it is among what keeps Synapse from starting, and never shown', async () => {
    const config = await folder.load({ 'homeserver.yaml': section('secret: 424242') })
    expect(config.conflictsWithMas.map(({ path, remedy }) => [path, remedy])).toEqual([
      [
        'matrix_authentication_service.secret',
        'secret: the same between quotes (under matrix_authentication_service:), since it has to be a text',
      ],
    ])
    expect(JSON.stringify(config)).not.toContain('424242')
  })

  it('is not known either where what it names is no file', async () => {
    const { unreadable } = await folder.load({ 'homeserver.yaml': section('secret_path: closed'), 'closed/file': 'a' })
    expect(unreadable.map(({ why }) => why)).toEqual(['it is a folder'])
  })
})
