import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { whyNoKeycloak } from '../../support/keycloak/distribution.ts'
import { sharedKeycloak } from '../../support/keycloak/shared-server.ts'
import { newWalkRealm, type WalkRealm } from '../../support/keycloak/walk-realm.ts'
import { discovered } from '../../support/readiness/discovery.ts'
import { type Judged, readinessOf } from '../../support/readiness/real-servers.ts'

const missing = await whyNoKeycloak()

describe.skipIf(missing !== undefined)(
  `readiness of a real Keycloak as the OP${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let stock: WalkRealm
    let open: WalkRealm
    let asked: Judged
    let registered: Judged
    let refused: Judged

    beforeAll(async () => {
      const server = await sharedKeycloak()
      stock = await newWalkRealm(server, { registration: 'stock' })
      open = await newWalkRealm(server)
      asked = await readinessOf({ op: stock.issuer })
      refused = await readinessOf({ op: stock.issuer, traces: 'allowed' })
      registered = await readinessOf({ op: open.issuer, traces: 'allowed' })
    })
    afterAll(async () => {
      await stock?.remove()
      await open?.remove()
    })

    test('finds by questions that leave nothing that it has no account page for Matrix, and no sign-up', () => {
      expect(asked.failed).toEqual({
        // The tests' Keycloak speaks http.
        error: ['METADATA_HTTPS', 'ACCOUNT_PAGE'],
        warning: ['SIGN_UP'],
        info: [],
      })
      expect(asked.say('OP_DISCOVERY')).toContain('This is Keycloak')
      expect(asked.passed).toEqual(
        expect.arrayContaining(['METADATA_REQUIRED', 'METADATA_VALUES', 'OP_ROUTES', 'OP_KEYS', 'QR_GRANT']),
      )
    })

    test('says that a stock realm lets nobody register a client', () => {
      // It looks at the origin of a web client before anything else.
      expect(refused.say('REGISTRATION')).toBe('fail: 403 Invalid origin: web clients may not register')
      expect(refused.probe('REGISTRATION').remedy.join(' ')).toContain('Registration Web Origins')
      expect(refused.say('REGISTRATION_NATIVE')).toMatch(/^fail: 403 insufficient_scope: .*Host not trusted/u)
      expect(refused.probe('REGISTRATION_NATIVE').remedy.join(' ')).toContain('Trusted Hosts')
    })

    test('says of an open realm that it refuses the scopes of Matrix, and ends tokens as a client wants it', () => {
      expect(registered.passed).toEqual(expect.arrayContaining(['REGISTRATION_NATIVE', 'REVOCATION']))
      // It looks at a device's scopes only once a person has typed the code.
      expect(registered.say('QR_DEVICE')).toBe('pass: A code was given, and an address that has it in it.')
      for (const code of ['SCOPE_STABLE', 'SCOPE_UNSTABLE'] as const) {
        expect(registered.say(code)).toMatch(/^fail: invalid_scope/u)
        expect(registered.probe(code).remedy.join(' ')).toContain('parameterized-scopes')
      }
    })

    test('leaves no client behind', async () => {
      expect([await stock.left(), await open.left()]).toEqual([
        { sessions: 0, clients: [] },
        { sessions: 0, clients: [] },
      ])
    })

    test('answers with the members that the stand-ins have', () => {
      const document = asked.evidence.asked.opConfiguration?.answer?.json
      const fixture = discovered('keycloak-openid-configuration')
      expect(Object.keys(document as object).toSorted()).toEqual(Object.keys(fixture as object).toSorted())
    })
  },
)
