import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { type ConfigFolder, configFolder } from '../support/synapse/config-folder.ts'
import { installSynapse, whyNoSynapse } from '../support/synapse/install.ts'
import { judgeSettings } from '../support/synapse/judge-settings.ts'

const missing = process.env['SYN2OP_TEST_REQUIRE'] === 'all' ? undefined : await whyNoSynapse()

const sound = {
  id: 'irc',
  url: null,
  as_token: 'a',
  hs_token: 'b',
  sender_localpart: 'ircbot',
  namespaces: { users: [{ regex: '@_irc_.*', exclusive: true }] },
}
const users = (...list: readonly unknown[]): object => ({ ...sound, namespaces: { users: list } })
const { id: _, ...nameless } = sound
const { sender_localpart: __, ...senderless } = sound
const { namespaces: ___, ...spaceless } = sound

const REGISTRATIONS: Readonly<Record<string, readonly object[]>> = {
  'a sound one': [sound],
  'MSC4190': [{ ...sound, 'io.element.msc4190': true }],
  'no users': [{ ...sound, namespaces: {} }],
  'two of different ids': [sound, { ...sound, id: 'other', as_token: 'c' }],
  'no id': [nameless],
  'a number as id': [{ ...sound, id: 7 }],
  'no sender': [senderless],
  'no namespaces': [spaceless],
  'users that are no list': [{ ...sound, namespaces: { users: 'all' } }],
  'a user namespace that is a text': [users('@a')],
  'no exclusive': [users({ regex: '@a' })],
  'exclusive as a text': [users({ regex: '@a', exclusive: 'maybe' })],
  // Written without quotes, and true in YAML 1.1.
  'exclusive as yes': [users({ regex: '@a', exclusive: 'yes' })],
  'no regex': [users({ exclusive: true })],
  'a number as regex': [users({ regex: 7, exclusive: true })],
  'MSC4190 as a text': [{ ...sound, 'io.element.msc4190': 'perhaps' }],
  'two of the same id': [sound, { ...sound, as_token: 'c' }],
}

describe.skipIf(missing)(`registration files to Synapse 1.163.2 and to us${missing ? ` (${missing})` : ''}`, () => {
  let folder: ConfigFolder
  const refused = new Map<string, boolean>()
  const texts = (name: string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      (REGISTRATIONS[name] ?? []).map((one, n) => [`${name.replaceAll(' ', '-')}-${n}.yaml`, stringify(one)]),
    )
  const settings = (name: string): Readonly<Record<string, unknown>> => ({
    server_name: 'story.example',
    report_stats: false,
    macaroon_secret_key: 'secret',
    suppress_key_server_warning: true,
    database: { name: 'psycopg2', args: { user: 'synapse', dbname: 'synapse' } },
    signing_key: 'ed25519 a_test AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    media_store_path: folder.path,
    app_service_config_files: Object.keys(texts(name)).map((file) => join(folder.path, file)),
  })
  const load = (name: string): Promise<unknown> =>
    folder.load({ 'homeserver.yaml': stringify(settings(name)), ...texts(name) })

  beforeAll(async () => {
    folder = configFolder()
    const names = Object.keys(REGISTRATIONS)
    for (const name of names) await load(name).catch(() => {})
    const answers = await judgeSettings(await installSynapse('1.163.2'), names.map(settings))
    for (const [index, name] of names.entries()) refused.set(name, answers[index] !== null)
  })
  afterAll(() => folder?.remove())

  test('are judged, some taken and some refused', () => {
    expect([...refused.values()].filter((is) => is)).toHaveLength(12)
    expect(refused.size).toBe(17)
  })

  test.each(Object.keys(REGISTRATIONS))('with %s are taken by both or by neither', async (name) => {
    const ours = await load(name).then(
      () => false,
      () => true,
    )
    expect(ours).toBe(refused.get(name))
  })
})
