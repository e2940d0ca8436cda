import { describe, expect, test } from 'vitest'
import type { Exchange } from '../../../../src/readiness/http/exchange.ts'
import { acceptedMetadata } from '../../../../src/readiness/metadata/accepted.ts'
import type { NativeClient } from '../../../../src/readiness/metadata/field-rules.ts'
import { metadataFor } from '../../../../src/readiness/metadata/for-client.ts'
import { discovered, discoveredDocument } from '../../../support/readiness/discovery.ts'
import { answered, evidenceOf, failed } from '../../../support/readiness/evidence.ts'

const DOCUMENT = discoveredDocument('synapse-mas-auth-metadata')
const NONE = answered(404, discovered('synapse-404-unrecognized'))
const STABLE = { metadataStable: answered(200, DOCUMENT), metadataUnstable: NONE }
const UNSTABLE = { metadataStable: NONE, metadataUnstable: answered(200, DOCUMENT) }
const versions = (...listed: readonly string[]) => answered(200, { versions: listed })

describe('the address that a client asks', () => {
  test.each([
    ['element-x', ['v1.12'], 'metadataUnstable'],
    ['element-x', ['v1.15'], 'metadataStable'],
    ['element-x', ['v1.16'], 'metadataStable'],
    ['element-x', ['r0.6.1', 'v1.2'], 'metadataUnstable'],
    ['element-web', ['v1.12'], 'metadataUnstable'],
    ['element-web', ['v1.15', 'v1.18'], 'metadataStable'],
    ['element-web', ['v1.14', 'v1.16'], 'metadataUnstable'],
    ['fluffychat', ['v1.1'], 'metadataStable'],
  ] satisfies readonly (readonly [NativeClient, readonly string[], string])[])(
    '%s with %j asks %s, and never the other',
    (client, listed, path) => {
      const here = path === 'metadataStable' ? STABLE : UNSTABLE
      const there = path === 'metadataStable' ? UNSTABLE : STABLE
      expect(metadataFor(client, evidenceOf({ versions: versions(...listed), ...here }))).toMatchObject({
        path,
        accepted: true,
      })
      expect(metadataFor(client, evidenceOf({ versions: versions(...listed), ...there }))).toMatchObject({
        path,
        accepted: false,
        refused: 'no OAuth',
      })
    },
  )

  test('is not known where /versions was not asked, and does not matter where both have the same', () => {
    const same = { metadataStable: answered(200, DOCUMENT), metadataUnstable: answered(200, DOCUMENT) }
    expect(metadataFor('element-x', evidenceOf(same)).accepted).toBe(true)
    expect(metadataFor('element-x', evidenceOf(STABLE)).accepted).toBe('unknown')
    expect(metadataFor('element-x', evidenceOf({ ...same, versions: failed() })).accepted).toBe(false)
  })
})

describe('what stands there', () => {
  const v15 = { versions: versions('v1.15') }
  const at = (metadataStable: Exchange) => evidenceOf({ ...v15, metadataStable })

  test.each([
    ['HTML of a proxy', answered(404, '<html>not found</html>'), '404'],
    [
      "another error of Matrix than the one that says 'no OAuth'",
      answered(404, { errcode: 'M_NOT_FOUND' }),
      'M_NOT_FOUND',
    ],
    ['an error of the server', answered(500, discovered('synapse-500-mas-down')), '500 M_UNKNOWN'],
    ['a list', answered(200, []), 'no JSON object'],
    ['nothing', failed('ECONNREFUSED', 'the connection was refused'), 'the connection was refused'],
  ])('%s is taken by no client', (_name, exchange, why) => {
    for (const client of ['element-x', 'element-web', 'fluffychat'] as const) {
      expect(metadataFor(client, at(exchange))).toMatchObject({
        accepted: false,
        refused: 'answer',
        why: expect.stringContaining(why),
      })
    }
  })

  test('a web client cannot read it where a redirection on the way says nothing of its origin; others can', () => {
    const { question, answer } = answered(200, DOCUMENT)
    if (answer === undefined) throw new Error('It was answered')
    const hop = { status: 301, url: 'https://example.org/a', headers: {} }
    const evidence = at({ question, answer: { ...answer, redirections: [hop] } })
    expect(metadataFor('element-web', evidence)).toMatchObject({
      accepted: false,
      refused: 'cors',
      why: expect.stringContaining('it redirects (301 of https://example.org/a)'),
    })
    expect(metadataFor('element-x', evidence).accepted).toBe(true)
    expect(metadataFor('fluffychat', evidence).accepted).toBe(true)
  })

  test('without a header for its origin a web client cannot read it; others can', () => {
    const evidence = at(answered(200, DOCUMENT, {}))
    expect(metadataFor('element-web', evidence)).toMatchObject({ accepted: false, refused: 'cors' })
    expect(metadataFor('element-x', evidence).accepted).toBe(true)
    const other = at(answered(200, DOCUMENT, { 'access-control-allow-origin': 'https://elsewhere.example' }))
    expect(metadataFor('element-web', other).refused).toBe('cors')
    const same = at(answered(200, DOCUMENT, { 'access-control-allow-origin': 'https://app.element.io' }))
    expect(metadataFor('element-web', same).accepted).toBe(true)
  })

  test('an http issuer is refused by Element X alone, which says which field it is', () => {
    const evidence = at(answered(200, { ...DOCUMENT, issuer: 'http://[::]:8080/' }))
    expect(metadataFor('element-x', evidence)).toMatchObject({
      accepted: false,
      refused: 'fields',
      faults: [{ field: 'issuer', seen: '"http://[::]:8080/"' }],
    })
    expect(metadataFor('element-web', evidence).accepted).toBe(true)
    expect(metadataFor('fluffychat', evidence).accepted).toBe(true)
  })

  test('without dynamic registration Element X fails at its button, others before', () => {
    const { registration_endpoint: _gone, ...without } = DOCUMENT
    const evidence = at(answered(200, without))
    expect(metadataFor('element-x', evidence).refused).toBe('registration')
    expect(metadataFor('element-web', evidence).refused).toBe('fields')
    const relative = at(answered(200, { ...DOCUMENT, registration_endpoint: '/register' }))
    expect(metadataFor('element-x', relative).refused).toBe('fields')
  })
})

describe('the document by which an OP is known', () => {
  test("is the homeserver's, and the OP's own where the homeserver has none", () => {
    const opConfiguration = answered(200, discovered('keycloak-openid-configuration'))
    expect(acceptedMetadata(evidenceOf({ ...UNSTABLE, opConfiguration }))?.from).toBe('metadataUnstable')
    expect(acceptedMetadata(evidenceOf({ metadataStable: NONE, opConfiguration }))?.from).toBe('opConfiguration')
    expect(
      acceptedMetadata(evidenceOf({ opConfiguration: answered(404, {}), opOauthMetadata: opConfiguration }))?.from,
    ).toBe('opOauthMetadata')
    expect(acceptedMetadata(evidenceOf({ metadataStable: NONE }))).toBeUndefined()
  })
})
