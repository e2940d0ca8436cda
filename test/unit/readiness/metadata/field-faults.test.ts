import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Evidence } from '../../../../src/readiness/evidence.ts'
import { fieldFaults } from '../../../../src/readiness/metadata/field-faults.ts'
import { FIELD_RULES } from '../../../../src/readiness/metadata/field-rules.ts'
import { metadataFor } from '../../../../src/readiness/metadata/for-client.ts'
import { HOMESERVER_PROBES } from '../../../../src/readiness/probes/homeserver.ts'
import type { ReadinessFault } from '../../../../src/report/readiness-document.ts'
import { discoveredDocument } from '../../../support/readiness/discovery.ts'
import { answered, evidenceOf, writtenAnswer } from '../../../support/readiness/evidence.ts'

type Document = Readonly<Record<string, unknown>>

const MISSING = Symbol('missing')

const MAS = {
  ...discoveredDocument('synapse-mas-auth-metadata'),
  'org.matrix.msc4191.account_management_uri': 'https://auth.example.org/account/',
  'org.matrix.msc4191.account_management_actions_supported': ['org.matrix.profile'],
}

const broken = (field: string, value: unknown): Document => {
  const { [field]: _gone, ...others } = { ...MAS } as Document
  return value === MISSING ? others : { ...others, [field]: value }
}

/** A list without one of its values. */
const lacking = (field: string, value: string): readonly unknown[] =>
  ((MAS as Document)[field] as readonly unknown[]).filter((item) => item !== value)

/** Each field with each way to break it: what is written, and the words that say it. */
const BREAKS = FIELD_RULES.flatMap(({ field, type, need, bare, values }) => [
  ...(need === 'required' ? [[field, 'missing', MISSING, 'is missing'] as const] : []),
  [field, 'null', null, 'is null'] as const,
  [field, 'a number', 7, type === 'url' ? 'is no string' : 'is no list'] as const,
  [field, 'an object', { a: 1 }, type === 'url' ? 'is no string' : 'is no list'] as const,
  ...(type === 'url'
    ? ([
        [field, 'empty', '', 'is empty'],
        [field, 'a list', ['https://auth.example.org/'], 'is no string'],
        [field, 'relative', '/oauth2/somewhere', 'is no URL with scheme and host'],
        [field, 'http', 'http://auth.example.org/', 'has to be https://'],
        [field, 'http on this machine', 'http://[::]:8080/', 'is http:// on this machine'],
        [field, 'http on this machine by a second address', 'http://127.0.0.2:8080/', 'is http:// on this machine'],
      ] as const)
    : ([
        [field, 'a string', 'code', 'is no list'],
        [field, 'a list with a number in it', [...(values ?? []), 7], 'something in it that is no string'],
      ] as const)),
  ...(bare === true
    ? ([
        [field, 'with a query', 'https://auth.example.org/?a=b', 'has a query or a fragment'],
        [field, 'with a fragment', 'https://auth.example.org/#a', 'has a query or a fragment'],
        [field, 'with an empty query', 'https://auth.example.org/?', 'has a query or a fragment'],
      ] as const)
    : []),
  ...(values === undefined ? [] : [[field, 'an empty list', [], `has no ${values[0]}`] as const]),
  ...(values ?? []).map((value) => [field, `without ${value}`, lacking(field, value), `has no ${value}`] as const),
])

const metadata = (document: Document) =>
  evidenceOf({
    versions: answered(200, { versions: ['v1.15'] }),
    metadataStable: answered(200, document),
    metadataUnstable: answered(200, document),
  })

const judged = (document: Document) => judgedOf(metadata(document))

const judgedOf = (evidence: Evidence) =>
  HOMESERVER_PROBES.map(({ code, judge }) => ({ code, judgement: judge(evidence) }))

type ProbeFault = { readonly code: string; readonly fault: ReadinessFault }

const faultsByProbe = (document: Document): readonly ProbeFault[] => faultsIn(metadata(document))

const faultsIn = (evidence: Evidence): readonly ProbeFault[] =>
  judgedOf(evidence).flatMap(({ code, judgement }) =>
    judgement.result === 'fail' ? (judgement.faults ?? []).map((fault) => ({ code, fault })) : [],
  )

/** Both addresses with just this text. */
const writtenSo = (text: string): Evidence =>
  evidenceOf({
    versions: answered(200, { versions: ['v1.15'] }),
    metadataStable: writtenAnswer(text),
    metadataUnstable: writtenAnswer(text),
  })

/** The document of MAS with one name twice, with the same value. */
const twice = (field: string): string =>
  `{${JSON.stringify(field)}:${JSON.stringify((MAS as Document)[field])},${JSON.stringify(MAS).slice(1)}`

/** What of the document only its text tells: what is written, who does not take it, and the words that say it. */
const WRITINGS = [
  ['auth_metadata', 'with a byte order mark', `\uFEFF${JSON.stringify(MAS)}`, 'has a byte order mark', ['element-x']],
  ...FIELD_RULES.map(
    ({ field }) =>
      [
        field,
        'twice',
        twice(field),
        'is written more than once',
        // Element X reads none of these, and takes any number of what it does not read.
        field === 'jwks_uri' || field.startsWith('org.matrix.msc4191.') ? [] : ['element-x'],
      ] as const,
  ),
] as const

describe('a field that is broken', () => {
  test.each(BREAKS)('%s, %s, is named in a probe that fails', (field, _how, value, words) => {
    const found = faultsByProbe(broken(field, value))
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ fault: { field, what: expect.stringContaining(words) } })
  })

  test.each(BREAKS)('%s, %s, at one of the two addresses is named with its place', (field, _how, value, words) => {
    const evidence = {
      ...metadata(MAS),
      asked: { ...metadata(MAS).asked, metadataUnstable: answered(200, broken(field, value)) },
    }
    const found = HOMESERVER_PROBES.filter(({ code }) => code.startsWith('METADATA')).flatMap(({ judge }) => {
      const judgement = judge(evidence)
      return judgement.result === 'fail' ? (judgement.faults ?? []) : []
    })
    expect(found).toContainEqual(
      expect.objectContaining({ field, what: expect.stringMatching(/at the unstable address$/u) }),
    )
    expect(found.some(({ what }) => what.includes(words))).toBe(true)
  })

  test.each(WRITINGS)(
    '%s, %s, is named once, with who refuses it and what to do',
    (field, _how, text, words, breaks) => {
      const found = faultsIn(writtenSo(text))
      expect(found).toEqual([
        {
          code: expect.stringMatching(/^METADATA_(?:REQUIRED|OPTIONAL)$/u),
          fault: expect.objectContaining({ field, breaks }),
        },
      ])
      expect(found[0]?.fault.what).toContain(words)
      const failed = judgedOf(writtenSo(text)).find(({ code }) => code === found[0]?.code)?.judgement
      expect(failed).toMatchObject({ result: 'fail', level: breaks.length > 0 ? 'error' : 'warning' })
      expect(failed).toHaveProperty('remedy', [
        expect.stringMatching(field === 'auth_metadata' ? /UTF-8 without/u : /each name once/u),
      ])
      const web = metadataFor('element-web', writtenSo(text))
      expect(web.accepted).toBe(true)
      const x = metadataFor('element-x', writtenSo(text))
      expect([x.accepted, x.accepted === false && x.why.includes(`${field} ${words}`)]).toEqual(
        breaks.length > 0 ? [false, true] : [true, false],
      )
    },
  )

  test('a name that no client reads may be there twice, and names in what stands within say nothing', () => {
    expect(
      faultsIn(
        writtenSo(
          twice('claims_supported').replace(
            '{"claims_supported":undefined',
            '{"claims_supported":1,"claims_supported":2',
          ),
        ),
      ),
    ).toEqual([])
    expect(faultsIn(writtenSo(`{"more":{"issuer":1,"issuer":2},${JSON.stringify(MAS).slice(1)}`))).toEqual([])
  })

  test('a name twice at one address is named with its place', () => {
    const evidence = {
      ...metadata(MAS),
      asked: { ...metadata(MAS).asked, metadataUnstable: writtenAnswer(twice('issuer')) },
    }
    expect(faultsIn(evidence).map(({ fault }) => fault.what)).toEqual([
      'is written more than once at the unstable address',
    ])
  })

  test('two of them are both named', () => {
    const document = { ...broken('issuer', 'http://auth.example.org/'), token_endpoint: 7 }
    expect(faultsByProbe(document).map(({ code, fault }) => [code, fault.field])).toEqual([
      ['METADATA_REQUIRED', 'token_endpoint'],
      ['METADATA_HTTPS', 'issuer'],
    ])
  })
})

describe('a document as servers really give it', () => {
  test.each([
    'synapse-mas-auth-metadata',
    'mas-openid-configuration',
    'mas-openid-configuration-no-device-grant',
    'mas-openid-configuration-no-password-registration',
    'tuwunel-auth-metadata',
    'tuwunel-auth-metadata-no-registration',
    'continuwuity-auth-metadata',
    'keycloak-openid-configuration',
    'okta-org-openid-configuration',
    'okta-default-openid-configuration',
    'okta-default-oauth-authorization-server',
  ])('%s has nothing wrong in its fields', (name) => {
    expect(fieldFaults(discoveredDocument(name))).toEqual([])
  })

  test('that of Auth0 does not say which grants there are', () => {
    expect(fieldFaults(discoveredDocument('auth0-openid-configuration'))).toEqual([
      { field: 'grant_types_supported', what: 'is missing', breaks: ['element-x', 'element-web', 'fluffychat'] },
    ])
  })
})

describe('who refuses the document', () => {
  const ALL = ['element-x', 'element-web', 'fluffychat']
  test.each([
    // As in the table of what clients do: matrix-rust-sdk, matrix-js-sdk 42, Famedly's Dart SDK.
    ['issuer', MISSING, ALL],
    ['issuer', '', ['element-x', 'element-web']],
    ['issuer', 'auth.example.org', ['element-x']],
    ['issuer', 'http://auth.example.org/', ['element-x']],
    ['issuer', 'https://auth.example.org/?a', ['element-x']],
    ['token_endpoint', 7, ALL],
    ['revocation_endpoint', 'http://localhost/revoke', ['element-x']],
    ['registration_endpoint', MISSING, ALL],
    ['response_types_supported', ['id_token'], ['element-x', 'element-web']],
    ['response_types_supported', MISSING, ALL],
    ['response_modes_supported', MISSING, ['element-web', 'fluffychat']],
    ['response_modes_supported', ['query'], ['element-x', 'element-web']],
    ['grant_types_supported', ['authorization_code'], ['element-x', 'element-web']],
    ['code_challenge_methods_supported', ['plain'], ['element-x', 'element-web']],
    ['prompt_values_supported', null, ['element-x']],
    ['prompt_values_supported', 'create', ['element-x', 'element-web']],
    ['prompt_values_supported', [7], ['element-x', 'element-web']],
    ['account_management_uri', null, []],
    ['account_management_uri', '', ['element-x']],
    ['account_management_uri', 'http://auth.example.org/account', ['element-x']],
    ['account_management_uri', 7, ['element-x', 'element-web']],
    // Element Web takes what is falsy for absent.
    ['account_management_uri', 0, ['element-x']],
    ['prompt_values_supported', false, ['element-x']],
    ['account_management_actions_supported', null, ['element-x']],
    ['device_authorization_endpoint', '/device', ['element-x']],
    ['jwks_uri', 'http://auth.example.org/keys', []],
  ] as const)('%s: %j', (field, value, clients) => {
    expect(fieldFaults(broken(field, value)).map(({ breaks }) => breaks)).toEqual([clients])
  })

  test('a field that may be absent and is, is no fault', () => {
    for (const { field } of FIELD_RULES.filter(({ need }) => need === 'optional')) {
      expect(fieldFaults(broken(field, MISSING))).toEqual([])
    }
  })
})

test('whatever stands in a field, it is judged', () => {
  const names = fc.constantFrom(...FIELD_RULES.map(({ field }) => field))
  fc.assert(
    fc.property(fc.array(fc.tuple(names, fc.jsonValue())), (fields) => {
      for (const { judgement } of judged({ ...MAS, ...Object.fromEntries(fields) })) {
        expect(judgement.seen).not.toBe('')
        if (judgement.result === 'fail') expect(judgement.remedy.length).toBeGreaterThan(0)
      }
    }),
  )
})

test('what stood there is shown shortened', () => {
  const [fault] = fieldFaults(broken('issuer', `http://${'a'.repeat(5000)}/`))
  expect(fault?.seen?.length).toBeLessThan(200)
})
