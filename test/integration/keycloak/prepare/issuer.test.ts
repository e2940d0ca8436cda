import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { issuerOf } from '../../../../src/targets/keycloak/issuer.ts'
import { whyNoKeycloak } from '../../../support/keycloak/distribution.ts'
import { newRealm, type TestRealm } from '../../../support/keycloak/realm.ts'
import { sharedKeycloak } from '../../../support/keycloak/shared-server.ts'
import { configOf } from './preparation.ts'

const missing = await whyNoKeycloak()

const signal = new AbortController().signal

describe.skipIf(missing !== undefined)(`the issuer of a realm${missing === undefined ? '' : ` (${missing})`}`, () => {
  let realm: TestRealm

  beforeAll(async () => {
    realm = await newRealm(await sharedKeycloak())
  })
  afterAll(() => realm?.remove())

  it('is what Keycloak says, also where syn2op reaches it by an address of the inside', async () => {
    expect(await issuerOf(configOf(realm), signal)).toBe(`${realm.url}/realms/${realm.name}`)
    await realm.admin.put('', { attributes: { frontendUrl: 'https://login.example.org/auth' } })
    expect(await issuerOf(configOf(realm), signal)).toBe(`https://login.example.org/auth/realms/${realm.name}`)
  })

  it('is what keycloak.yaml says before that', async () => {
    const config = configOf(realm, { publicUrl: 'https://id.example.org' })
    expect(await issuerOf(config, signal)).toBe(`https://id.example.org/realms/${realm.name}`)
  })

  it('of a realm that is not there yet is that of the client, for another realm', async () => {
    const ofClient = configOf(realm)
    expect(await issuerOf({ ...ofClient, realm: 'to come' }, signal)).toBe(
      'https://login.example.org/auth/realms/to%20come',
    )
  })

  it('is of the address that is known where nobody answers', async () => {
    const config = { ...configOf(realm), url: 'http://127.0.0.1:9' }
    expect(await issuerOf(config, signal)).toBe(`http://127.0.0.1:9/realms/${realm.name}`)
  })
})
