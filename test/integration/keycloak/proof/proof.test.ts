import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { whyNoKeycloak } from '../../../support/keycloak/distribution.ts'
import { whyNoSynapse } from '../../../support/synapse/install.ts'
import { describeBrowser } from './browser.ts'
import { describePasswords } from './passwords.ts'
import { ACCEPT, openStage, type Stage } from './stage.ts'

/** SYN2OP_TEST_REQUIRE=all: nothing may be skipped for want of a tool. */
const required = process.env['SYN2OP_TEST_REQUIRE'] === 'all'
const missing = required ? undefined : ((await whyNoKeycloak()) ?? (await whyNoSynapse()))

describe.skipIf(missing)(`people who have moved to Keycloak${missing === undefined ? '' : ` (${missing})`}`, () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await openStage()
  }, 480_000)
  afterAll(() => stage?.close())

  describePasswords(() => stage)

  it('are found as they were written, though most passwords are hashed otherwise by now', async () => {
    const { code, stdout } = await stage.syn2op('verify', '--target=keycloak', ...ACCEPT)
    const sound = [...stdout.matchAll(/^(\w+) +(\d+) +\2 +0 +0 +0$/gmu)].map(([, table]) => table)
    expect(sound).toEqual(['account', 'password', 'threepid', 'external_id'])
    expect(code).toBe(0)
  })

  describeBrowser(() => stage)
})
