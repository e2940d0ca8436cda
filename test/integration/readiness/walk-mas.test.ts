import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import type { ReadinessWalk } from '../../../src/report/readiness-document.ts'
import { whyNoChromium } from '../../support/browser/chromium.ts'
import { findMas, requireMas } from '../../support/mas/installed-mas.ts'
import { masSettings } from '../../support/mas/mas-settings.ts'
import { doMas, migrateMasSchema, startMas } from '../../support/mas/run-mas.ts'
import { testPostgres } from '../../support/postgres.ts'
import { inShort, walked } from '../../support/readiness/walked.ts'
import { delegatingToMas } from '../../support/synapse/configuration.ts'
import { installSynapse, whyNoSynapse } from '../../support/synapse/install.ts'
import { freePort, startSynapse } from '../../support/synapse/start.ts'

const found = findMas()
const missing = typeof found === 'string' ? found : ((await whyNoSynapse()) ?? whyNoChromium())
const SECRET = 'shared-by-synapse-and-mas'
const ACCOUNT = { username: 'walker', password: 'one foot before the other' }

describe.skipIf(missing)(`[mas-cli] a walk with a real Synapse and a real MAS${missing ? ` (${missing})` : ''}`, () => {
  const ends: (() => Promise<unknown>)[] = []
  const postgres = testPostgres()
  let walk: ReadinessWalk
  let baseUrl: string

  beforeAll(async () => {
    const mas = requireMas(found)
    const folder = await mkdtemp(join(tmpdir(), 'syn2op-walk-'))
    ends.push(() => rm(folder, { recursive: true }))
    const [port, synapsePort] = [await freePort(), await freePort()]
    const settings = masSettings(
      {
        database: await postgres.createDatabase('walk_mas'),
        serverName: 'walk.example',
        port,
        synapse: { endpoint: `http://127.0.0.1:${synapsePort}/`, secret: SECRET },
        pepper: 'a pepper',
      },
      mas,
    )
    const configFile = join(folder, 'mas.yaml')
    await writeFile(configFile, stringify(settings), { mode: 0o600 })
    await migrateMasSchema(mas, configFile)
    const running = await startMas(mas, { configFile, port, logFile: join(folder, 'mas.log') })
    ends.push(running.stop)
    const synapse = await startSynapse(await installSynapse('1.163.2'), {
      port: synapsePort,
      database: await postgres.createDatabase('walk_synapse', { encoding: 'UTF8' }),
      serverName: 'walk.example',
      settings: delegatingToMas({ endpoint: running.baseUrl, secret: SECRET }),
    })
    ends.push(synapse.stop)
    ;({ baseUrl } = synapse)
    const { username, password } = ACCOUNT
    await doMas(mas, configFile, ['manage', 'register-user', '--yes', '--password', password, username])
    walk = await walked({ baseUrl, account: ACCOUNT })
  }, 240_000)
  afterAll(async () => {
    for (const end of ends.toReversed()) await end()
  })

  test('passes every step, in both spellings of the scopes', () => {
    expect(inShort(walk)).toEqual([
      'metadata: ok',
      'registration: ok',
      'authorization, unstable scope: ok',
      'token: ok',
      'whoami: ok',
      'refresh: ok',
      'lost answer: ok',
      'revocation: ok',
      'authorization, stable scope: ok',
      'token, stable scope: ok',
      'whoami, stable scope: ok',
      'revocation, stable scope: ok',
      'clean-up: ok',
    ])
  })

  test('shows no secret', () => {
    const shown = JSON.stringify(walk)
    expect(shown).not.toContain(ACCOUNT.password)
    // Tokens of MAS begin so.
    expect(shown).not.toMatch(/ma[tr]_\w{20}/u)
  })

  test('leaves no session at MAS, and no device at Synapse', async () => {
    const sessions = await postgres.execute('walk_mas', 'SELECT 1 FROM oauth2_sessions WHERE finished_at IS NULL')
    expect(sessions).toEqual([])
    await expect
      .poll(
        () =>
          postgres.execute(
            'walk_synapse',
            "SELECT device_id FROM devices WHERE user_id = '@walker:walk.example' AND NOT hidden",
          ),
        {
          timeout: 30_000,
        },
      )
      .toEqual([])
  })
})
