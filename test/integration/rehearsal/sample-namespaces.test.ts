import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { writeDemoConfigs } from '../../../src/rehearsal/demo/configs.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import { takeSample } from '../../../src/rehearsal/sample/take-sample.ts'
import { loadHomeserver } from '../../../src/synapse/load-homeserver.ts'
import { silentProgress } from '../../../src/targets/progress.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { testPostgres } from '../../support/postgres.ts'
import { sampleRequest, takenAndLoaded } from '../../support/sample/taken.ts'

const SOURCE = 'sample_namespaces'

/** People whom nobody holds for ghosts but by a namespace: they have a password. */
const PEOPLE = ['telegram_12', 'Telegram_old', 'sms_4915']

describe('a sample of a homeserver whose bridges write their namespaces in odd ways', () => {
  const postgres = testPostgres()
  let folder: string
  let source: PostgresSettings
  const registered = async (...regexes: readonly string[]) => {
    const { homeserver } = await writeDemoConfigs(join(folder, 'source'), { synapse: source, mas: source })
    const registration = join(folder, 'registration.yaml')
    const users = regexes.map((regex) => ({ regex, exclusive: true }))
    await writeFile(
      registration,
      stringify({ id: 'odd', as_token: 'a', sender_localpart: 'odd', namespaces: { users } }),
    )
    const settings = parse(await readFile(homeserver, 'utf8')) as Record<string, unknown>
    await writeFile(homeserver, stringify({ ...settings, app_service_config_files: [registration] }))
    return { homeserver: await loadHomeserver([homeserver]), source, asOf: DEMO.now }
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syn2op-sample-namespaces-'))
    source = await createDemoHomeserver(postgres, SOURCE, { accounts: 30, damage: 'none' })
    await postgres.execute(
      SOURCE,
      // Nobody else looks like a ghost.
      'DELETE FROM users WHERE password_hash IS NULL AND appservice_id IS NULL',
      ...PEOPLE.map(
        (name) => `INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated, approved)
          VALUES ('@${name}:${DEMO.serverName}', '$2b$12$${'a'.repeat(53)}', 1614834367, 0, 0, 0, true)`,
      ),
    )
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each([
    ['ignores_case', '(?i)@Telegram_.*'],
    ['has_capitals', '@Telegram_.*'],
    ['alternates', `@_x_.*:${DEMO.serverName.replaceAll('.', '\\.')}|@sms_[0-9]+:.*`],
  ])('has what is found by them still: %s', async (name, regex) => {
    const taken = await registered(regex)
    const notes: string[] = []
    const { manifest, loaded } = await takenAndLoaded(postgres, `sample_namespaces_${name}`, {
      ...sampleRequest(taken, join(folder, name), { people: 20 }),
      progress: { ...silentProgress, note: (text) => notes.push(text) },
    })
    expect(manifest.findings).toContain('GHOSTS_SUSPECTED')
    const written = await takeSample(
      sampleRequest({ ...loaded, asOf: loaded.asOf ?? 0 }, join(folder, `${name}-again`)),
    )
    expect(written.findings).toEqual(manifest.findings)
    expect(notes.filter((text) => text.includes('amespace'))).toEqual([])
  })

  it('says where it cannot tell whether what is found by them is there still', async () => {
    const taken = await registered('@sms_.*', '@(?P<old>Telegram_old)?(?(old)|telegram_).*')
    const notes: string[] = []
    await takeSample({
      ...sampleRequest(taken, join(folder, 'python'), { people: 20 }),
      progress: { ...silentProgress, note: (text) => notes.push(text) },
    })
    expect(notes).toContainEqual(
      expect.stringMatching(/^Namespace 2 of appservice-1\.yaml: only Python .*GHOSTS_SUSPECTED$/u),
    )
  })
})
