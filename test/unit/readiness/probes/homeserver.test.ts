import { describe, expect, test } from 'vitest'
import type { Evidence, QuestionName } from '../../../../src/readiness/evidence.ts'
import type { Exchange } from '../../../../src/readiness/http/exchange.ts'
import { HOMESERVER_PROBES } from '../../../../src/readiness/probes/homeserver.ts'
import type { ProbeCode } from '../../../../src/readiness/probes/probe.ts'
import { discovered, discoveredDocument } from '../../../support/readiness/discovery.ts'
import { answered, failed } from '../../../support/readiness/evidence.ts'
import { HOMESERVERS } from '../../../support/readiness/homeservers.ts'

type Asked = Readonly<Partial<Record<QuestionName, Exchange>>>

const WITH_MAS = HOMESERVERS['Synapse 1.163 with MAS']
const PLAIN = HOMESERVERS['Synapse 1.163 with passwords']
const TUWUNEL = HOMESERVERS.Tuwunel

const but = (evidence: Evidence, asked: Asked, about: Partial<Evidence> = {}): Evidence => ({
  ...evidence,
  ...about,
  asked: { ...evidence.asked, ...asked },
})

/** Of evidence without what was asked here. */
const unasked = (evidence: Evidence, ...names: readonly QuestionName[]): Evidence => ({
  ...evidence,
  asked: Object.fromEntries(Object.entries(evidence.asked).filter(([name]) => !names.includes(name as QuestionName))),
  notAsked: { ...evidence.notAsked, ...Object.fromEntries(names.map((name) => [name, 'it was left out'])) },
})

/** As a judgement is shown: its result with the level, what was seen, and what to do. */
const judged = (code: ProbeCode, evidence: Evidence): readonly [string, string, string] => {
  const probe = HOMESERVER_PROBES.find((each) => each.code === code)
  if (probe === undefined) throw new Error(`there is no probe ${code}`)
  const judgement = probe.judge(evidence)
  const remedy = judgement.result === 'pass' ? [] : (judgement.remedy ?? [])
  return [
    judgement.result === 'fail' ? (judgement.level ?? probe.level) : judgement.result,
    judgement.seen,
    remedy.join('\n'),
  ]
}

const expectJudged = (code: ProbeCode, evidence: Evidence, result: string, seen: string, remedy = ''): void => {
  const [found, words, lines] = judged(code, evidence)
  expect({ found, words, lines }).toEqual({
    found: result,
    words: expect.stringContaining(seen),
    lines: expect.stringContaining(remedy),
  })
}

const HTML = { 'content-type': 'text/html', 'access-control-allow-origin': '*' }
const page = (status: number): Exchange => answered(status, '<!doctype html><title>Element</title>', HTML)
const NONE = answered(404, discovered('synapse-404-unrecognized'))
const REFUSED = failed('ECONNREFUSED', 'the connection was refused')
const DOCUMENT = discoveredDocument('synapse-mas-auth-metadata')
const wellKnown = (document: unknown, headers?: Readonly<Record<string, string>>): Exchange =>
  answered(200, document, headers)
const base = (url: unknown): Exchange => wellKnown({ 'm.homeserver': { base_url: url } })
const NAMED_OP = 'org.matrix.msc2965.authentication'

describe('.well-known', () => {
  test.each([
    [
      'is not asked without a server name',
      unasked(PLAIN, 'wellKnownClient'),
      'not asked',
      'it was left out',
      '--server-name',
    ],
    [
      'may be absent where the homeserver is at the server name',
      but(PLAIN, { wellKnownClient: NONE }, { baseUrl: 'https://example.org' }),
      'pass',
      'where clients look then',
      '',
    ],
    [
      'may not be absent where it is elsewhere',
      but(PLAIN, { wellKnownClient: NONE }),
      'error',
      'nobody finds the homeserver',
      'public_baseurl: https://matrix.example.org/',
    ],
    [
      'has to be answered',
      but(PLAIN, { wellKnownClient: REFUSED }),
      'error',
      'the connection was refused',
      'Answer 200 at https://example.org/.well-known/matrix/client',
    ],
    [
      'has to be no page',
      but(PLAIN, { wellKnownClient: page(200) }),
      'error',
      'no JSON object',
      '"base_url":"https://matrix.example.org"',
    ],
    [
      'has to name the homeserver',
      but(PLAIN, { wellKnownClient: wellKnown({}) }),
      'error',
      'm.homeserver.base_url is missing',
      '',
    ],
    ['has to name it by a text', but(PLAIN, { wellKnownClient: base(7) }), 'error', 'is no string', ''],
    [
      'has to name it by a whole URL',
      but(PLAIN, { wellKnownClient: base('matrix.example.org') }),
      'error',
      'is no URL',
      '',
    ],
    [
      'has to name it by https',
      but(PLAIN, { wellKnownClient: base('http://matrix.example.org') }),
      'error',
      'is no https URL',
      '',
    ],
    [
      'has to name the one that was asked',
      but(PLAIN, { wellKnownClient: base('https://old.example.org') }),
      'warning',
      'another homeserver',
      '',
    ],
    [
      'may be written without a slash',
      but(PLAIN, { wellKnownClient: base('https://matrix.example.org') }),
      'pass',
      'leads to',
      '',
    ],
    [
      'has to be readable by web clients',
      but(PLAIN, { wellKnownClient: wellKnown({ 'm.homeserver': { base_url: 'https://matrix.example.org' } }, {}) }),
      'error',
      'has no access-control-allow-origin',
      'add_header Access-Control-Allow-Origin * always;',
    ],
    [
      'comes from Synapse only once it has reached MAS',
      HOMESERVERS['Synapse with MAS, MAS never reached'],
      'error',
      '500 M_UNKNOWN',
      'matrix_authentication_service.endpoint',
    ],
  ] as const)('%s', (_name, evidence, result, seen, remedy) => {
    expectJudged('WELL_KNOWN', evidence, result, seen, remedy)
  })

  test.each([
    ['nothing', undefined, 'pass', 'names no OP'],
    ['the OP of the metadata', { issuer: DOCUMENT['issuer'] }, 'pass', 'the OP of the metadata'],
    ['another issuer, by a slash alone', { issuer: 'https://auth.example.org' }, 'info', 'issuer is other than'],
    [
      'another account page',
      { issuer: DOCUMENT['issuer'], account: 'https://old.example.org/' },
      'info',
      'account is other than',
    ],
    ['a number', { issuer: 7 }, 'info', 'issuer is no string'],
    ['no object', 'https://auth.example.org/', 'info', 'issuer is missing'],
  ])('names of the OP: %s', (_name, op, result, seen) => {
    const document = {
      'm.homeserver': { base_url: 'https://matrix.example.org' },
      ...(op === undefined ? {} : { [NAMED_OP]: op }),
    }
    expectJudged('WELL_KNOWN_OP', but(WITH_MAS, { wellKnownClient: wellKnown(document) }), result, seen)
  })
})

test.each([
  ['a page', page(200), 'error', '200 with a page of HTML', 'location ~ ^(/_matrix|/_synapse/client)'],
  ['nothing', REFUSED, 'error', 'the connection was refused', 'curl -v'],
  ['an error of the proxy', page(502), 'error', 'the proxy does not reach the homeserver', 'log of the proxy'],
  ['a login of the proxy', answered(401, 'no', {}), 'error', 'wants a login', 'Let /_matrix through'],
  ['a login of nginx, in HTML', page(401), 'error', 'wants a login', 'Let /_matrix through'],
  ['a refusal of nginx, in HTML', page(403), 'error', 'refuses it', 'Let /_matrix through'],
  ['an error of Cloudflare', page(521), 'error', 'the proxy does not reach the homeserver', 'log of the proxy'],
  ['an error of Cloudflare in words', answered(525, 'error code: 525'), 'error', 'the proxy does not reach', ''],
  ['a redirect', answered(302, '', { location: 'https://example.org/' }), 'error', 'leads to https://example.org/', ''],
  ['something else', answered(200, { hello: 1 }), 'error', 'no list of versions', ''],
  ['an empty list', answered(200, { versions: [] }), 'error', 'no list of versions', ''],
  ['v1.16 without v1.15', answered(200, { versions: ['v1.16'] }), 'pass', 'looks for v1.15 itself', ''],
] as const)('VERSIONS with %s', (_name, versions, result, seen, remedy) => {
  expectJudged('VERSIONS', but(PLAIN, { versions }), result, seen, remedy)
})

describe('the addresses of the metadata', () => {
  const V12 = answered(200, { versions: ['v1.12'] })
  test.each([
    [
      'METADATA_STABLE',
      'the other one alone has them',
      but(WITH_MAS, { metadataStable: NONE }),
      'error',
      'Element X, Element Web and FluffyChat ask it',
      'Synapse with MAS serves both',
    ],
    [
      'METADATA_UNSTABLE',
      'the other one alone has them, and clients ask this one',
      but(WITH_MAS, { versions: V12, metadataUnstable: NONE }),
      'error',
      'Element X and Element Web ask it',
      '',
    ],
    [
      'METADATA_UNSTABLE',
      'the other one alone has them, and clients of today ask that one',
      but(WITH_MAS, { metadataUnstable: NONE }),
      'warning',
      'older apps ask it',
      '',
    ],
    [
      'METADATA_STABLE',
      'nobody has them, though an OP is named',
      but(WITH_MAS, { metadataStable: NONE, metadataUnstable: NONE }),
      'error',
      '.well-known names the OP https://auth.example.org/',
      'matrix_authentication_service.enabled: true',
    ],
    [
      'METADATA_STABLE',
      'there is no OAuth',
      PLAIN,
      'info',
      'no OAuth here, people log in by password or SSO as before',
      'docs/how-to/synapse-to-mas.md',
    ],
    [
      'METADATA_STABLE',
      'there is no OAuth, and an OP is thought of',
      HOMESERVERS['Synapse without an OP, Keycloak given'],
      'warning',
      'no OAuth here',
      '',
    ],
    [
      'METADATA_STABLE',
      'Synapse has not reached MAS',
      HOMESERVERS['Synapse with MAS, MAS never reached'],
      'error',
      'before it has reached MAS once',
      'account_management_uri',
    ],
    [
      'METADATA_STABLE',
      'a page stands there',
      but(WITH_MAS, { metadataStable: page(404) }),
      'error',
      '404 with a page of HTML',
      'location ~ ^(/_matrix|/_synapse/client)',
    ],
    [
      'METADATA_STABLE',
      'a page stands there without an OP',
      but(PLAIN, { metadataStable: page(404) }),
      'warning',
      '404 with a page of HTML',
      '',
    ],
    [
      'METADATA_STABLE',
      'another error stands there',
      but(PLAIN, { metadataStable: answered(404, { errcode: 'M_NOT_FOUND' }) }),
      'warning',
      'says M_UNRECOGNIZED',
      'Your Element is misconfigured',
    ],
    [
      'METADATA_STABLE',
      'a list stands there',
      but(WITH_MAS, { metadataStable: answered(200, []) }),
      'error',
      'no metadata',
      '',
    ],
    [
      'METADATA_STABLE',
      'it leads away',
      but(WITH_MAS, { metadataStable: answered(301, '', { location: 'https://auth.example.org/' }) }),
      'error',
      'leads to https://auth.example.org/',
      'at this address itself',
    ],
    [
      'METADATA_STABLE',
      'the proxy reaches nobody',
      but(WITH_MAS, { metadataStable: page(503) }),
      'error',
      'does not reach the homeserver',
      '',
    ],
    [
      'METADATA_STABLE',
      'nobody answers',
      but(WITH_MAS, { metadataStable: REFUSED }),
      'error',
      'the connection was refused',
      'curl -v https://matrix.example.org/_matrix/client/v1/auth_metadata',
    ],
    ['METADATA_STABLE', 'it was not asked', unasked(WITH_MAS, 'metadataStable'), 'not asked', 'it was left out', ''],
  ] as const)('%s where %s', (code, _name, evidence, result, seen, remedy) => {
    expectJudged(code, evidence, result, seen, remedy)
  })

  test.each([
    [
      'the same in another order',
      {
        ...Object.fromEntries(Object.entries(DOCUMENT).toReversed()),
        response_modes_supported: ['fragment', 'query', 'form_post'],
      },
      'pass',
      'the same',
    ],
    ['another issuer', { ...DOCUMENT, issuer: 'https://old.example.org/' }, 'error', '1 field differs: issuer'],
    ['what no client reads', { ...DOCUMENT, claims_supported: [] }, 'warning', '1 field differs: claims_supported'],
    ['more', { ...DOCUMENT, more: 1, evenMore: 2 }, 'warning', '2 fields differ'],
  ])('have %s', (_name, unstable, result, seen) => {
    expectJudged('METADATA_SAME', but(WITH_MAS, { metadataUnstable: answered(200, unstable) }), result, seen)
  })

  test.each([
    ['is absent', NONE, 'pass', 'needs not be'],
    ['has the issuer', answered(200, { issuer: DOCUMENT['issuer'] }), 'pass', 'https://auth.example.org/'],
    ['has another', answered(200, { issuer: 'https://auth.example.org' }), 'info', 'and the metadata have'],
    ['has none', answered(200, {}), 'info', '200'],
    ['does not answer', REFUSED, 'info', 'the connection was refused'],
  ])('of the former draft %s', (_name, authIssuer, result, seen) => {
    expectJudged('AUTH_ISSUER', but(WITH_MAS, { authIssuer }), result, seen)
  })
})

describe('the fields of the metadata', () => {
  const http = { ...DOCUMENT, issuer: 'http://[::]:8080/' }
  test('a homeserver of http is reached by no page of https', () => {
    expectJudged(
      'METADATA_HTTPS',
      { ...PLAIN, baseUrl: 'http://matrix.example.org' },
      'error',
      'homeserver is asked by http://',
      'Put the homeserver behind https',
    )
    for (const host of ['localhost', '127.0.0.1', '127.0.0.2', '[::1]'])
      expectJudged('METADATA_HTTPS', { ...WITH_MAS, baseUrl: `http://${host}:8008` }, 'pass', 'all of them are')
  })

  test('an issuer as MAS has it without a configuration names what to write', () => {
    const evidence = but(WITH_MAS, { metadataStable: answered(200, http), metadataUnstable: answered(200, http) })
    expectJudged(
      'METADATA_HTTPS',
      evidence,
      'error',
      'refused by Element X',
      'http.public_base: https://auth.example.org/',
    )
  })

  test('weigh less at an OP that the homeserver does not know of yet, and all at one that is asked alone', () => {
    const opConfiguration = answered(200, http)
    expectJudged('METADATA_HTTPS', but(PLAIN, { opConfiguration }), 'warning', 'issuer')
    const { baseUrl: _none, ...alone } = unasked(but(PLAIN, { opConfiguration }), 'metadataStable', 'metadataUnstable')
    expectJudged('METADATA_HTTPS', alone, 'error', 'issuer')
  })

  test('are not judged where the homeserver answers something else: its own probe says so', () => {
    expectJudged(
      'METADATA_REQUIRED',
      HOMESERVERS['Synapse with MAS, MAS never reached'],
      'not asked',
      'METADATA_STABLE',
    )
  })
})

test.each([
  ['no header', {}, 'error', 'cannot read /_matrix/client/v3/login', 'see which proxy'],
  [
    'another origin',
    { 'access-control-allow-origin': 'https://elsewhere.example' },
    'error',
    'cannot read /_matrix/client/v3/login',
    'see which proxy',
  ],
  ['this origin', { 'access-control-allow-origin': 'https://app.element.io' }, 'pass', 'can read every answer', ''],
  [
    'the header from the homeserver and from the proxy',
    { 'access-control-allow-origin': '*, *' },
    'error',
    'sent twice',
    'proxy_hide_header Access-Control-Allow-Origin;',
  ],
] as const)('HOMESERVER_CORS with %s on /login', (_name, headers, result, seen, remedy) => {
  const login = answered(200, discovered('mas-login-flows'), headers)
  expectJudged('HOMESERVER_CORS', but(WITH_MAS, { login }), result, seen, remedy)
})

test('a header that is sent twice is not told to be added once more', () => {
  const twice = { 'access-control-allow-origin': '*, https://app.element.io' }
  const wellKnownClient = wellKnown({ 'm.homeserver': { base_url: 'https://matrix.example.org' } }, twice)
  const evidence = but(WITH_MAS, { wellKnownClient, login: answered(200, discovered('mas-login-flows'), twice) })
  for (const code of ['WELL_KNOWN', 'HOMESERVER_CORS'] as const) {
    const [result, seen, remedy] = judged(code, evidence)
    expect([result, seen]).toEqual(['error', expect.stringMatching(/twice/u)])
    expect(remedy).not.toMatch(/: add_header/u)
  }
})

describe('whose a token is', () => {
  const DOWN = answered(503, discovered('synapse-503-mas-down'))
  test.each([
    ['M_UNKNOWN_TOKEN', answered(401, discovered('synapse-whoami-401-bad-mas')), {}, 'pass', '401 M_UNKNOWN_TOKEN', ''],
    [
      'no token seen',
      answered(401, discovered('synapse-whoami-401-missing')),
      {},
      'error',
      'takes it away',
      'proxy_set_header Authorization',
    ],
    ['MAS not asked', DOWN, {}, 'error', 'Synapse cannot ask MAS', 'INTROSPECTION tells'],
    [
      'MAS with another secret',
      DOWN,
      { introspectSecret: answered(401, discovered('mas-introspect-401-bad-secret')) },
      'error',
      'Synapse cannot ask MAS',
      'have to be the same',
    ],
    [
      'MAS that is reached from here',
      DOWN,
      { introspectSecret: answered(200, discovered('mas-introspect-inactive')) },
      'error',
      'Synapse cannot ask MAS',
      'Synapse does not reach it',
    ],
    [
      'MAS that answers nobody',
      DOWN,
      { introspectSecret: REFUSED },
      'error',
      'Synapse cannot ask MAS',
      'MAS answers nobody',
    ],
    [
      'a junk token taken',
      answered(200, { user_id: '@a:example.org' }),
      {},
      'error',
      'is taken for good',
      'from the net at once',
    ],
    [
      'another refusal',
      answered(403, { errcode: 'M_FORBIDDEN' }),
      {},
      'warning',
      '401 M_UNKNOWN_TOKEN has to stand',
      '',
    ],
    [
      'a refusal by 401 that apps do not go by',
      answered(401, { errcode: 'M_FORBIDDEN' }),
      {},
      'warning',
      '401 M_UNKNOWN_TOKEN has to stand',
      '',
    ],
    [
      'MAS closed to the world',
      DOWN,
      { introspectSecret: page(403) },
      'error',
      'Synapse cannot ask MAS',
      'Either Synapse does not reach MAS',
    ],
    ['no such route', NONE, {}, 'error', '404 M_UNRECOGNIZED', ''],
    ['a login of the proxy', answered(401, 'Authorization Required'), {}, 'error', 'wants a login', ''],
    ['an error', answered(500, { errcode: 'M_UNKNOWN' }), {}, 'error', '500 M_UNKNOWN', 'log of the homeserver'],
  ] as const)('%s', (_name, whoami, asked, result, seen, remedy) => {
    expectJudged('TOKENS_CHECKED', but(WITH_MAS, { whoami, ...asked }), result, seen, remedy)
  })
})

describe("the homeserver's API for MAS", () => {
  const FORBIDDEN = answered(403, discovered('synapse-mas-403-wrong-secret'))
  const noSecret = unasked(WITH_MAS, 'masApiSecret')
  test.each([
    ['takes the secret', WITH_MAS, 'pass', 'takes the secret', ''],
    [
      'has another secret',
      but(WITH_MAS, { masApiSecret: FORBIDDEN }),
      'error',
      'not the one that the homeserver runs with',
      'Restart Synapse',
    ],
    [
      'loses the secret on the way',
      but(WITH_MAS, { masApiSecret: answered(401, discovered('synapse-whoami-401-missing')) }),
      'error',
      'takes it away',
      '',
    ],
    ['wants a secret that is not known here', noSecret, 'pass', 'was not asked', ''],
    ['is off', but(noSecret, { masApi: NONE }), 'error', 'has MAS off', 'matrix_authentication_service.enabled: true'],
    [
      'is closed by the proxy',
      but(noSecret, { masApi: page(403) }),
      'not asked',
      'needs not be',
      'On the machine of MAS',
    ],
    [
      'is open to everybody',
      but(WITH_MAS, { masApi: answered(400, discovered('synapse-mas-400-taken')) }),
      'error',
      'open to everybody',
      'at once',
    ],
    [
      'is open to everybody, and says that a name is free',
      but(WITH_MAS, { masApi: answered(200, {}) }),
      'error',
      'open to everybody',
      'at once',
    ],
    [
      'is a page for everything that is not there',
      but(WITH_MAS, { masApi: page(200), masApiSecret: page(200) }),
      'not asked',
      'needs not be',
      '',
    ],
    ['is not needed without MAS', PLAIN, 'not asked', 'delegates to no MAS', ''],
    ['is not needed with an OP of its own', TUWUNEL, 'not asked', 'needs no MAS', ''],
    ['was not asked', unasked(WITH_MAS, 'masApi'), 'not asked', 'it was left out', '--synapse-config'],
  ] as const)('%s', (_name, evidence, result, seen, remedy) => {
    expectJudged('MAS_API', evidence, result, seen, remedy)
  })
})

describe('apps without OAuth', () => {
  const NGINX = 'location ~ ^/_matrix/client/(.*)/(login|logout|refresh)'
  const flows = (...all: readonly unknown[]): Exchange => answered(200, { flows: all })
  const SSO = { type: 'm.login.sso' }
  const UNSENT = HOMESERVERS['Synapse with MAS, no logins sent to MAS']
  test.each([
    ['LOGIN_FLOWS', 'the proxy does not send to MAS', UNSENT, 'warning', 'Synapse itself answers', NGINX],
    [
      'LOGIN_FLOWS',
      'MAS is down',
      HOMESERVERS['Synapse with MAS, MAS down'],
      'warning',
      'does not reach MAS',
      'whether MAS runs',
    ],
    ['LOGIN_FLOWS', 'there is no login at all', but(PLAIN, { login: NONE }), 'error', 'no way to log in', ''],
    [
      'LOGIN_FLOWS',
      'no flow is offered',
      but(PLAIN, { login: flows() }),
      'error',
      'no way to log in is offered',
      'password_config.enabled',
    ],
    [
      'LOGIN_FLOWS',
      'bridges alone may',
      but(PLAIN, { login: flows({ type: 'm.login.application_service' }) }),
      'error',
      'no way for people',
      '',
    ],
    [
      'LOGIN_FLOWS',
      'they are shut out on purpose',
      HOMESERVERS['continuwuity, OAuth alone'],
      'warning',
      '404 M_UNRECOGNIZED',
      'oauth.compatibility_mode',
    ],
    [
      'LEGACY_PASSWORD',
      'there are no passwords',
      but(PLAIN, { login: flows(SSO) }),
      'info',
      'no m.login.password',
      'password_config.enabled',
    ],
    [
      'LEGACY_PASSWORD',
      'MAS has no passwords',
      HOMESERVERS['Synapse with MAS, passwords off'],
      'info',
      'no m.login.password',
      'passwords.enabled',
    ],
    [
      'LEGACY_SSO',
      'another than MAS answers',
      but(WITH_MAS, { login: flows({ type: 'm.login.password' }) }),
      'warning',
      'another than MAS',
      NGINX,
    ],
    ['LEGACY_SSO', 'there are passwords', PLAIN, 'info', 'no m.login.sso', 'Nothing to do'],
    [
      'OAUTH_AWARE',
      'the stable name is there',
      but(WITH_MAS, { login: flows({ ...SSO, oauth_aware_preferred: true }) }),
      'pass',
      'oauth_aware_preferred',
      '',
    ],
    [
      'OAUTH_AWARE',
      'the unstable name is there',
      but(WITH_MAS, { login: flows({ ...SSO, 'org.matrix.msc3824.delegated_oidc_compatibility': true }) }),
      'pass',
      'msc3824',
      '',
    ],
    [
      'OAUTH_AWARE',
      'it is false',
      but(WITH_MAS, { login: flows({ ...SSO, oauth_aware_preferred: false }) }),
      'warning',
      'says neither',
      NGINX,
    ],
    [
      'OAUTH_AWARE',
      'Tuwunel has it off',
      but(TUWUNEL, { login: flows(SSO) }),
      'warning',
      'says neither',
      'oidc_aware_preferred = true',
    ],
    ['LEGACY_LOGOUT', 'the proxy does not send to MAS', UNSENT, 'warning', 'Synapse itself answers', NGINX],
    ['LEGACY_LOGOUT', 'there is no such route', but(PLAIN, { logout: page(404) }), 'warning', '404', 'location'],
    [
      'LEGACY_LOGOUT',
      'everything is answered by yes',
      but(PLAIN, { logout: answered(200, {}) }),
      'warning',
      'to a token that nobody has',
      '',
    ],
    [
      'LEGACY_LOGOUT',
      'MAS fails',
      but(WITH_MAS, { logout: answered(500, { errcode: 'M_UNKNOWN' }) }),
      'warning',
      '500 M_UNKNOWN',
      'whether MAS runs',
    ],
    ['LEGACY_REFRESH', 'the proxy does not send to MAS', UNSENT, 'warning', 'Synapse itself answers', NGINX],
    [
      'LEGACY_REFRESH',
      'the homeserver has no refresh tokens',
      but(PLAIN, { refresh: NONE }),
      'pass',
      'gives no refresh tokens',
      '',
    ],
    [
      'LEGACY_SIGN_UP',
      'the homeserver makes accounts beside MAS',
      but(WITH_MAS, { registerAvailable: answered(200, { available: true }) }),
      'warning',
      'the OP knows nothing',
      'enable_registration: false',
    ],
    ['LEGACY_SIGN_UP', 'the homeserver has it off', PLAIN, 'info', '403 M_FORBIDDEN', 'enable_registration: true'],
  ] as const)('%s where %s', (code, _name, evidence, result, seen, remedy) => {
    expectJudged(code, evidence, result, seen, remedy)
  })
})

describe('what apps are told that they may change', () => {
  const capabilities = (all: Readonly<Record<string, unknown>>): Asked => ({
    capabilities: answered(200, { capabilities: all }),
  })
  test.each([
    ['without a token', unasked(WITH_MAS, 'capabilities'), 'not asked', 'it was left out', '--token-file'],
    [
      'with a token that is refused',
      but(WITH_MAS, { capabilities: answered(401, discovered('synapse-whoami-401-bad-mas')) }),
      'error',
      'This session has ended',
      'syn2op verify',
    ],
    [
      'while nobody knows whose tokens are',
      HOMESERVERS['Synapse with MAS, MAS down'],
      'not asked',
      'TOKENS_CHECKED',
      '',
    ],
    [
      'with passwords on',
      but(WITH_MAS, capabilities({ 'm.change_password': { enabled: true }, 'm.3pid_changes': { enabled: false } })),
      'info',
      'm.change_password is not false',
      'enable_3pid_changes: false',
    ],
    [
      'with nothing said',
      but(WITH_MAS, capabilities({ 'm.change_password': { enabled: false } })),
      'info',
      'm.3pid_changes is absent',
      '',
    ],
    ['with something else said', but(WITH_MAS, { capabilities: answered(200, []) }), 'info', 'no capabilities', ''],
    ['without an OP', PLAIN, 'not asked', 'There is no OP', ''],
  ] as const)('%s', (_name, evidence, result, seen, remedy) => {
    expectJudged('CAPABILITIES', evidence, result, seen, remedy)
  })
})

describe('bridges', () => {
  const bridge = (exchange: Exchange, msc4190 = true): Partial<Evidence> => ({
    applicationServices: [
      { id: 'irc-bridge', msc4190, exchange },
      { id: 'mail-bridge', msc4190: true, exchange: answered(200, { user_id: '@mail:example.org' }) },
    ],
  })
  test.each([
    ['BRIDGES', 'all may', bridge(answered(200, {})), 'pass', 'irc-bridge and mail-bridge', ''],
    [
      'BRIDGES',
      'one has another token',
      bridge(answered(401, discovered('synapse-whoami-401-bad-mas'))),
      'error',
      'irc-bridge is refused: 401 M_UNKNOWN_TOKEN',
      'as_token',
    ],
    [
      'BRIDGES',
      'nobody answers one',
      bridge(REFUSED),
      'error',
      'irc-bridge gets no answer: the connection was refused',
      'whether the homeserver runs',
    ],
    [
      'BRIDGES',
      'none is known',
      { applicationServices: [] },
      'not asked',
      'No application services are known',
      '--synapse-config',
    ],
    ['BRIDGE_DEVICES', 'all may', bridge(answered(200, {})), 'pass', 'every registration', ''],
    [
      'BRIDGE_DEVICES',
      'one may not',
      bridge(answered(200, {}), false),
      'warning',
      'irc-bridge has no io.element.msc4190',
      'io.element.msc4190: true',
    ],
  ] as const)('%s where %s', (code, _name, about, result, seen, remedy) => {
    expectJudged(code, but(WITH_MAS, {}, about), result, seen, remedy)
  })

  test('need no devices of their own without MAS', () => {
    expectJudged('BRIDGE_DEVICES', but(PLAIN, {}, bridge(answered(200, {}), false)), 'not asked', 'delegates to no MAS')
  })
})

test.each([
  [
    'the flag',
    { versions: answered(200, { versions: ['v1.15'], unstable_features: { 'org.matrix.msc4108': true } }) },
    'pass',
    'org.matrix.msc4108',
  ],
  [
    'the newer proposal alone',
    { rendezvous: answered(200, { create_available: true }) },
    'info',
    'apps of today do not look for',
  ],
  ['neither', {}, 'info', '404 M_UNRECOGNIZED'],
])('QR_RENDEZVOUS with %s', (_name, asked, result, seen) => {
  expectJudged('QR_RENDEZVOUS', but(WITH_MAS, asked), result, seen)
})

test('no probe of the homeserver fails without saying what to do', () => {
  const silent = Object.values(HOMESERVERS).flatMap((evidence) =>
    HOMESERVER_PROBES.filter(({ judge }) => {
      const judgement = judge(evidence)
      return judgement.result === 'fail' && judgement.remedy.length === 0
    }),
  )
  expect(silent.map(({ code }) => code)).toEqual([])
})

test('a homeserver that cannot ask whose a token is, has an OP, and metadata that are not there are broken', () => {
  const evidence = but(PLAIN, { whoami: answered(503, discovered('synapse-503-mas-down')) })
  expectJudged('METADATA_STABLE', evidence, 'error', 'cannot ask its OP whose a token is')
  // A 503 of the proxy says nothing of an OP.
  expectJudged('METADATA_STABLE', but(PLAIN, { whoami: page(503) }), 'info', 'no OAuth here')
})

test('a success without metadata is broken at a homeserver without an OP too', () => {
  expectJudged('METADATA_STABLE', but(PLAIN, { metadataStable: answered(200, []) }), 'error', 'no metadata')
})

test('a field that no client minds is a warning', () => {
  const metadata = answered(200, { ...DOCUMENT, jwks_uri: 'http://auth.example.org/keys' })
  const evidence = but(WITH_MAS, { metadataStable: metadata, metadataUnstable: metadata })
  expectJudged('METADATA_HTTPS', evidence, 'warning', 'no client of today minds')
})

test('an OP that is none for Synapse needs no API for MAS', () => {
  const keycloak = answered(200, discovered('keycloak-openid-configuration'))
  expectJudged('MAS_API', but(PLAIN, { metadataStable: keycloak }), 'not asked', 'delegates to no MAS')
})

test('the API for MAS that takes a question without a name is another', () => {
  expectJudged('MAS_API', but(WITH_MAS, { masApiSecret: answered(200, {}) }), 'error', '200')
})

test.each(['M_USER_IN_USE', 'M_EXCLUSIVE', 'M_INVALID_USERNAME'])(
  'a name that is refused by %s shows that accounts are made',
  (errcode) => {
    expectJudged(
      'LEGACY_SIGN_UP',
      but(PLAIN, { registerAvailable: answered(400, { errcode }) }),
      'pass',
      'may make accounts',
    )
  },
)
