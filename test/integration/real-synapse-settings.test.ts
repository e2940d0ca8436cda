import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { loadHomeserver } from '../../src/synapse/load-homeserver.ts'
import { installSynapse, whyNoSynapse } from '../support/synapse/install.ts'
import { judgeSettings } from '../support/synapse/judge-settings.ts'
import { type Settings, settingsWithMas } from '../support/synapse/settings-with-mas.ts'

const missing = process.env['SYN2OP_TEST_REQUIRE'] === 'all' ? undefined : await whyNoSynapse()
const TAKEN: Readonly<Record<string, Settings>> = {
  'a pepper': { password_config: { enabled: false, pepper: 'pepper' } },
  'a shared secret': { registration_shared_secret: 'secret' },
  'registration_requires_token': { registration_requires_token: true },
  'guests': { allow_guest_access: true },
  'refreshable_access_token_lifetime': { refreshable_access_token_lifetime: '5m' },
  'a session_lifetime of 0': { session_lifetime: 0 },
  'account_validity': { account_validity: { enabled: true, period: '6w' } },
  'empty SSO sections': { oidc_providers: [], cas_config: null, saml2_config: { enabled: false } },
}

describe.skipIf(missing)(
  `Synapse 1.163.2 with matrix_authentication_service enabled${missing ? ` (${missing})` : ''}`,
  () => {
    let folder: string
    const verdicts = new Map<string, string | null>()

    const conflicts = async (settings: Settings): Promise<readonly string[]> => {
      const file = join(folder, 'homeserver.yaml')
      await writeFile(file, stringify(settingsWithMas(folder, settings)))
      return (await loadHomeserver([file])).conflictsWithMas.map(({ path }) => path)
    }

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'syn2op-settings-'))
      const judged = Object.entries(TAKEN)
      const answers = await judgeSettings(
        await installSynapse('1.163.2'),
        judged.map(([, settings]) => settingsWithMas(folder, settings)),
      )
      for (const [index, [name]] of judged.entries()) verdicts.set(name, answers[index] ?? null)
    })
    afterAll(() => rm(folder, { recursive: true }))

    test.each(Object.keys(TAKEN))('takes %s, and we have nothing against it', async (name) => {
      expect(verdicts.get(name)).toBeNull()
      expect(await conflicts(TAKEN[name] ?? {})).toEqual([])
    })
  },
)
