import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ReadinessWalk } from '../../../src/report/readiness-document.ts'
import { whyNoChromium } from '../../support/browser/chromium.ts'
import { whyNoKeycloak } from '../../support/keycloak/distribution.ts'
import { sharedKeycloak } from '../../support/keycloak/shared-server.ts'
import { newWalkRealm, type WalkRealm } from '../../support/keycloak/walk-realm.ts'
import { inShort, walked } from '../../support/readiness/walked.ts'

const missing = (await whyNoKeycloak()) ?? whyNoChromium()

describe.skipIf(missing !== undefined)(
  `a walk with a real Keycloak${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let realm: WalkRealm
    let walk: ReadinessWalk

    beforeAll(async () => {
      realm = await newWalkRealm(await sharedKeycloak())
      walk = await walked({ issuer: realm.issuer, account: realm.account })
    })
    afterAll(() => realm?.remove())

    const wordsOf = (name: string): string | undefined => walk.steps.find(({ step }) => step === name)?.words

    test('goes up to token, refresh and revocation, and says where Keycloak differs', () => {
      expect(inShort(walk)).toEqual([
        'metadata: ok',
        'registration: ok',
        expect.stringMatching(/^authorization, unstable scope: differs: /u),
        expect.stringMatching(/^authorization, stable scope: differs: /u),
        'authorization, plain scope: ok',
        'token, plain scope: ok',
        'whoami, plain scope: skipped',
        'refresh, plain scope: ok',
        'lost answer, plain scope: ok',
        // It ends an access token by itself; the whole session goes with the refresh token, as we then do.
        'revocation, plain scope: differs: The refresh token outlives the log-out: who has it is logged in still, and Matrix wants both ended',
        'clean-up: ok',
      ])
      expect(walk.outcome).toBe('differs')
    })

    test('explains that Keycloak does not know the scopes of Matrix', () => {
      for (const name of ['authorization, unstable scope', 'authorization, stable scope']) {
        expect(wordsOf(name)).toMatch(/`invalid_scope`.*The way goes on with the scope openid/u)
      }
    })

    test('shows the pages that were gone through, and no secret', () => {
      const messages = walk.steps.find(({ step }) => step === 'authorization, plain scope')?.messages ?? []
      expect(messages.map(({ request }) => request.line.split('?')[0])).toContain(
        `POST ${realm.issuer}/login-actions/authenticate`,
      )
      const shown = JSON.stringify(walk)
      expect(shown).not.toContain(realm.account.password)
      // Every token of Keycloak begins so.
      expect(shown).not.toMatch(/eyJ[\w-]{20}/u)
    })

    test('leaves no session and no client', async () => {
      expect(await realm.left()).toEqual({ sessions: 0, clients: [] })
    })

    test('says so where the password is wrong, and leaves nothing', async () => {
      const account = { ...realm.account, password: 'another one' }
      const refused = await walked({ issuer: realm.issuer, account })
      expect(inShort(refused).at(-2)).toMatch(/authorization, plain scope: failed: The OP does not take the password/u)
      expect(JSON.stringify(refused)).not.toContain('another one')
      expect(await realm.left()).toEqual({ sessions: 0, clients: [] })
    })
  },
)
