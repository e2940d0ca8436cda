import { describe, expect, test } from 'vitest'
import type { Evidence } from '../../../../../src/readiness/evidence.ts'
import type { Exchange } from '../../../../../src/readiness/http/exchange.ts'
import { OP_PROBES } from '../../../../../src/readiness/probes/op-probes.ts'
import type { Judgement, ProbeCode } from '../../../../../src/readiness/probes/probe.ts'
import { discoveredDocument } from '../../../../support/readiness/discovery.ts'
import { answered, evidenceOf, failed, writtenAnswer } from '../../../../support/readiness/evidence.ts'
import { changed, OPS } from '../../../../support/readiness/ops.ts'

const judged = (code: ProbeCode, evidence: Evidence): Judgement => {
  const probe = OP_PROBES.find((each) => each.code === code)
  if (probe === undefined) throw new Error(`There is no ${code}`)
  return probe.judge(evidence)
}

/** The judgement in words, with its level where it has one of its own, and its faults. */
const told = (code: ProbeCode, evidence: Evidence): string => {
  const judgement = judged(code, evidence)
  if (judgement.result !== 'fail') return `${judgement.result}: ${judgement.seen}`
  const faults = (judgement.faults ?? []).map(({ field, what, breaks }) => `${field} ${what} [${breaks.join(' ')}]`)
  const level = judgement.level === undefined ? '' : ` (${judgement.level})`
  return [`fail${level}: ${judgement.seen}`, ...faults].join('\n')
}

const remedyOf = (code: ProbeCode, evidence: Evidence): string => {
  const judgement = judged(code, evidence)
  return judgement.result === 'pass' ? '' : (judgement.remedy ?? []).join('\n')
}

const OWN = discoveredDocument('mas-openid-configuration')
const html = (status: number): Exchange =>
  answered(status, '<html><body>nginx</body></html>', { 'content-type': 'text/html' })
const without = (field: string, document = OWN): Record<string, unknown> => {
  const { [field]: _, ...rest } = document
  return rest
}
/** MAS with another document at the homeserver and at itself. */
const saying = (document: unknown, answers: Parameters<typeof changed>[1] = {}): Evidence =>
  changed('MAS', {
    metadataStable: answered(200, document),
    metadataUnstable: answered(200, document),
    opConfiguration: answered(200, document),
    ...answers,
  })

describe('OP_DISCOVERY', () => {
  test('is served by the document of RFC 8414 alone, as an OP does that is no OpenID provider', () => {
    const evidence = changed('MAS', { opConfiguration: answered(404), opOauthMetadata: answered(200, OWN) })
    expect(told('OP_DISCOVERY', evidence)).toContain('pass: oauth-authorization-server alone')
  })

  test('takes an issuer that differs by the slash at the end for another OP', () => {
    const evidence = changed('MAS', {}, { issuer: 'https://auth.example.org', issuerFrom: 'given' })
    expect(told('OP_DISCOVERY', evidence)).toContain('differ by the slash at the end alone')
    expect(told('OP_DISCOVERY', evidence)).toContain('issuer is not https://auth.example.org, byte by byte')
    expect(remedyOf('OP_DISCOVERY', evidence)).toContain('--op https://auth.example.org/')
  })

  test('has Synapse restarted where the homeserver calls the OP otherwise', () => {
    const evidence = changed('MAS', {}, { issuer: 'https://old.example.org/' })
    expect(remedyOf('OP_DISCOVERY', evidence)).toContain('Restart every process of Synapse')
  })

  test.each([
    ['nothing', failed(), 'no answer: the connection was refused'],
    ['a page of a proxy', html(502), '502 with a page of HTML'],
    ['JSON that is no object', answered(200, []), '200'],
  ])('fails where %s comes', (_, exchange, words) => {
    const evidence = changed('MAS', { opConfiguration: exchange, opOauthMetadata: undefined })
    expect(told('OP_DISCOVERY', evidence)).toBe(`fail: openid-configuration: ${words}`)
  })

  test.each([
    ['MAS', 'fail: '],
    ['Keycloak, as it comes', 'fail (warning): '],
  ] as const)('tells of a byte order mark, with which Synapse reads nothing of MAS: %s', (op, result) => {
    const text = OPS[op].asked.opConfiguration?.answer?.text ?? ''
    const evidence = changed(op, { opConfiguration: writtenAnswer(`\uFEFF${text}`) })
    const words = told('OP_DISCOVERY', evidence)
    expect(words).toContain(`${result}openid-configuration has a byte order mark at its beginning`)
    expect(words).toContain('\nopenid-configuration has a byte order mark at its beginning []')
    expect(remedyOf('OP_DISCOVERY', evidence)).toContain('UTF-8 without a byte order mark')
  })

  test('warns of a name twice, of which Synapse and clients take the last', () => {
    const text = `{"token_endpoint":"https://old.example.org/",${JSON.stringify(OWN).slice(1)}`
    const evidence = changed('MAS', { opConfiguration: writtenAnswer(text) })
    expect(told('OP_DISCOVERY', evidence)).toMatch(
      /^fail \(warning\): token_endpoint is written more than once.*\ntoken_endpoint is written more than once \[\]$/u,
    )
    expect(remedyOf('OP_DISCOVERY', evidence)).toContain('each name once')
  })

  test('fails where the document names no issuer', () => {
    const evidence = changed('MAS', { opConfiguration: answered(200, without('issuer')) })
    expect(told('OP_DISCOVERY', evidence)).toContain('issuer is missing []')
  })
})

test.each([
  ['nothing', failed()],
  ['a page of a proxy', html(502)],
])('of a homeserver that answers %s it is not said that it has no OP', (_, exchange) => {
  const evidence = evidenceOf({ metadataStable: exchange, metadataUnstable: exchange })
  expect(told('OP_ROUTES', evidence)).toBe(
    'not asked: No OP is known: the homeserver does not say. METADATA_STABLE and METADATA_UNSTABLE say more.',
  )
})

describe('OP_SAME', () => {
  const same = (own: unknown): Evidence => changed('MAS', { opConfiguration: answered(200, own) })

  test('does not mind the order of members and of lists', () => {
    const own = Object.fromEntries(
      Object.entries(OWN)
        .toReversed()
        .map(([name, value]) => [name, Array.isArray(value) ? value.toReversed() : value]),
    )
    expect(told('OP_SAME', same(own))).toMatch(/^pass/u)
  })

  test.each(Object.keys(OWN))('names %s where the OP says it otherwise', (field) => {
    const judgement = judged('OP_SAME', same({ ...OWN, [field]: 'https://other.example.org/' }))
    expect(judgement).toMatchObject({ result: 'fail', faults: [{ field }] })
  })

  test.each(Object.keys(OWN))('names %s where the OP does not say it', (field) => {
    expect(judged('OP_SAME', same(without(field)))).toMatchObject({ result: 'fail', faults: [{ field }] })
  })

  test('names a field that the homeserver does not say', () => {
    expect(told('OP_SAME', same({ ...OWN, added: 1 }))).toContain('added is not said by the homeserver')
  })

  test('is a warning where nobody is kept from logging in by what differs', () => {
    expect(told('OP_SAME', same({ ...OWN, claims_supported: ['sub'] }))).toContain('fail (warning): 1 field differs')
    expect(told('OP_SAME', same({ ...OWN, token_endpoint: 'https://new.example.org/' }))).toContain('fail: 1 field')
  })

  test('says of an OP that was given where the homeserver works with another one', () => {
    const evidence = changed('MAS', {}, { issuer: 'https://sso.example.org/', issuerFrom: 'given' })
    expect(told('OP_SAME', evidence)).toContain(
      'works with https://auth.example.org/, not with https://sso.example.org/',
    )
  })
})

describe('OP_ROUTES', () => {
  test.each([
    ['authorizePage', 'authorization_endpoint', answered(404, { error: 'not found' }), '404'],
    ['authorizePage', 'authorization_endpoint', html(503), '503'],
    ['tokenJunk', 'token_endpoint', html(404), '404'],
    ['tokenJunk', 'token_endpoint', html(200), 'HTML'],
    ['tokenJunk', 'token_endpoint', answered(302), 'redirects'],
    ['tokenJunk', 'token_endpoint', answered(500, { error: 'server_error' }), '500 server_error'],
    ['revokeJunk', 'revocation_endpoint', answered(405, { error: 'method' }), '405'],
    ['revokeJunk', 'revocation_endpoint', failed(), 'the connection was refused'],
    ['authorizePage', 'authorization_endpoint', answered(401, 'Authorization Required'), '401'],
    ['authorizePage', 'authorization_endpoint', html(403), '403'],
    ['authorizePage', 'authorization_endpoint', answered(302), 'redirects to nowhere'],
    ['tokenJunk', 'token_endpoint', answered(200, 'ok'), '200 without JSON'],
    ['tokenJunk', 'token_endpoint', answered(401, 'Authorization Required'), '401 without JSON'],
    ['tokenJunk', 'token_endpoint', answered(403, ''), '403'],
    ['tokenJunk', 'token_endpoint', answered(404, discoveredDocument('synapse-404-unrecognized')), '404 Unrecognized'],
    ['tokenJunk', 'token_endpoint', answered(400, { error: 'Bad Request' }), '400 Bad Request'],
    [
      'tokenJunk',
      'token_endpoint',
      answered(200, { access_token: 'very-secret' }),
      'takes a code that nobody was given',
    ],
    ['revokeJunk', 'revocation_endpoint', answered(401, 'Authorization Required'), '401 without JSON'],
  ] as const)('names by %s that %s leads elsewhere', (question, field, exchange, words) => {
    const text = told('OP_ROUTES', changed('MAS', { [question]: exchange }))
    expect(text).toContain(`fail: ${field}`)
    expect(text).toContain(words)
    expect(text).toContain('[element-x element-web fluffychat]')
  })

  test('shows no token, and has the OP taken from the net', () => {
    const evidence = changed('MAS', { tokenJunk: answered(200, { access_token: 'very-secret' }) })
    expect(remedyOf('OP_ROUTES', evidence)).toContain('from the net')
    expect(JSON.stringify(judged('OP_ROUTES', evidence))).not.toContain('very-secret')
  })

  test('takes 200 to a revocation, whatever is in it, and an own error that is refused to nobody', () => {
    expect(told('OP_ROUTES', changed('MAS', { revokeJunk: answered(200, 'ok') }))).toMatch(/^pass/u)
    expect(
      told('OP_ROUTES', changed('MAS', { authorizePage: answered(403, { error: 'unauthorized_client' }) })),
    ).toMatch(/^pass/u)
  })

  test('cannot tell of a login on another host, nor of a page that wants to see a browser', () => {
    const parked = answered(301, '', { location: 'https://parked.example.com/?a=b' })
    const text = told('OP_ROUTES', changed('MAS', { authorizePage: parked }))
    expect(text).toContain('not asked: authorization_endpoint answers 301, which leads to https://parked.example.com')
    const challenge = answered(403, '<html>', { 'cf-mitigated': 'challenge' })
    expect(told('OP_ROUTES', changed('MAS', { authorizePage: challenge }))).toMatch(/^not asked/u)
  })

  test('takes a redirection to a host that the document names for the OP’s own', () => {
    const own = answered(302, '', { location: 'https://auth.example.org/login' })
    expect(told('OP_ROUTES', changed('MAS', { authorizePage: own }))).toMatch(/^pass/u)
  })

  test('says what was not asked', () => {
    expect(told('OP_ROUTES', changed('MAS', { revokeJunk: undefined }))).toContain('Not asked: revocation_endpoint.')
  })
})

describe('OP_KEYS', () => {
  test.each([
    ['that are not there', { jwks: html(404) }, OWN],
    ['that nobody answers for', { jwks: failed() }, OWN],
    ['of an empty set', { jwks: answered(200, { keys: [] }) }, OWN],
    ['that are no list', { jwks: answered(200, { keys: {} }) }, OWN],
    ['that an OpenID provider does not name', { jwks: undefined }, without('jwks_uri')],
  ])('fails of keys %s', (_, answers, document) => {
    expect(judged('OP_KEYS', saying(document, answers))).toMatchObject({
      result: 'fail',
      faults: [{ field: 'jwks_uri' }],
    })
  })
})

describe('OP_CORS', () => {
  test.each([
    ['opConfiguration', 'openid-configuration', answered(200, OWN, {}), 'warning'],
    ['jwks', 'jwks_uri', answered(200, { keys: [{}] }, {}), 'warning'],
    ['tokenJunk', 'token_endpoint', answered(401, { error: 'invalid_client' }, {}), undefined],
    ['revokeRegistered', 'revocation_endpoint', answered(200, '', {}), undefined],
    ['registration', 'registration_endpoint', answered(201, {}, {}), undefined],
  ] as const)('fails where %s shows web clients no answer', (question, field, exchange, level) => {
    const judgement = judged('OP_CORS', changed('MAS', { [question]: exchange }))
    expect(judgement).toMatchObject({ result: 'fail', faults: [{ field, breaks: ['element-web'] }] })
    expect(judgement.result === 'fail' ? judgement.level : 'none').toBe(level)
  })

  test('takes the origin repeated for a leave, another origin for none', () => {
    const from = (origin: string): string =>
      told(
        'OP_CORS',
        changed('MAS', { tokenJunk: answered(400, { error: 'x' }, { 'access-control-allow-origin': origin }) }),
      )
    expect(from('https://app.element.io')).toMatch(/^pass/u)
    expect(from('https://element.example.org')).toContain('token_endpoint gives no access-control-allow-origin')
  })

  test('does not go by a preflight that Keycloak answers to everybody', () => {
    const refused = answered(403, 'Invalid origin', { 'access-control-allow-origin': '*' })
    expect(told('OP_CORS', changed('Keycloak, opened', { registration: refused }))).toContain(
      'registration_endpoint refuses the origin',
    )
  })

  test('says that a preflight alone is no proof', () => {
    expect(told('OP_CORS', changed('MAS', { registration: undefined }))).toContain('which is no proof: --register')
  })

  test.each([
    ['that is refused', answered(405, '', { 'access-control-allow-origin': '*' }), '405'],
    ['that allows no JSON', answered(204, '', { 'access-control-allow-origin': '*' }), 'Content-Type'],
  ])('fails of a preflight %s', (_, registrationPreflight, words) => {
    expect(told('OP_CORS', changed('MAS', { registrationPreflight }))).toContain(words)
  })

  test('takes an error to nobody for no proof against Keycloak, but against MAS, which always allows', () => {
    const nobody = answered(401, { error: 'invalid_client' }, {})
    expect(told('OP_CORS', changed('Keycloak, as it comes', { tokenJunk: nobody }))).toContain('cannot be told')
    expect(told('OP_CORS', changed('MAS', { tokenJunk: nobody }))).toMatch(/^fail/u)
  })
})

describe('OP_CORS tells', () => {
  const twice = { 'access-control-allow-origin': '*, *' }

  test('a header that is sent twice from none, by what takes one away', () => {
    const evidence = changed('MAS', { tokenJunk: answered(401, { error: 'invalid_client' }, twice) })
    expect(told('OP_CORS', evidence)).toContain('token_endpoint has access-control-allow-origin twice')
    expect(remedyOf('OP_CORS', evidence)).toContain('proxy_hide_header')
    expect(remedyOf('OP_CORS', evidence)).not.toContain('takes it away')
  })

  test('a redirection that no web client may follow', () => {
    const { question, answer } = answered(200, OWN)
    if (answer === undefined) throw new Error('It was answered')
    const redirections = [{ status: 301, url: 'https://auth.example.org/old', headers: {} }]
    const opConfiguration = { question, answer: { ...answer, redirections } }
    expect(told('OP_CORS', changed('MAS', { opConfiguration }))).toContain('301 of https://auth.example.org/old')
  })

  test('a preflight that itself lets no origin', () => {
    const registrationPreflight = answered(204, '', { 'access-control-allow-headers': 'content-type' })
    expect(told('OP_CORS', changed('MAS', { registrationPreflight }))).toContain(
      'registration_endpoint answers a preflight that has no access-control-allow-origin',
    )
  })

  test('nothing from 502: another probe says that', () => {
    const down = answered(502, 'no', {})
    const answers = { opConfiguration: down, jwks: down, tokenJunk: down, revokeRegistered: down, registration: down }
    expect(told('OP_CORS', changed('MAS', { ...answers, registrationPreflight: down }))).not.toMatch(/^fail/u)
  })
})

describe('INTROSPECTION', () => {
  test.each([
    ['another secret', answered(401, discoveredDocument('mas-introspect-401-bad-secret')), 'MAS has another secret'],
    ['nobody', failed(), 'no answer'],
    ['a token that nobody was given, taken', answered(200, { active: true }), 'takes a token for good'],
    ['no answer to the question', answered(200, {}), 'fail: 200'],
  ])('fails where there is %s', (_, introspectSecret, words) => {
    expect(told('INTROSPECTION', changed('MAS', { introspectSecret }))).toContain(words)
    expect(told('INTROSPECTION', changed('MAS', { introspectSecret }))).toMatch(/^fail/u)
  })

  test.each([401, 403, 404, 405, 200])('concludes nothing from a page of %i: Synapse may ask elsewhere', (status) => {
    const evidence = changed('MAS', { introspectSecret: html(status) })
    expect(told('INTROSPECTION', evidence)).toMatch(/^not asked: .*TOKENS_CHECKED/u)
  })

  const whoami = answered(401, discoveredDocument('synapse-whoami-401-bad-mas'))
  test.each([
    ['no answer', failed()],
    ['a proxy that reaches nobody', html(502)],
  ])('is no error by %s while Synapse finds out whose tokens are', (_, introspectSecret) => {
    expect(told('INTROSPECTION', changed('MAS', { introspectSecret, whoami }))).toMatch(/^not asked/u)
  })

  test('warns of another secret in the file than the one Synapse runs with', () => {
    const introspectSecret = answered(401, discoveredDocument('mas-introspect-401-bad-secret'))
    expect(told('INTROSPECTION', changed('MAS', { introspectSecret, whoami }))).toContain('fail (warning): 401')
  })
})

describe('what is read from the document alone', () => {
  test('SIGN_UP fails without create, and says how MAS is set', () => {
    const evidence = saying(discoveredDocument('mas-openid-configuration-no-password-registration'))
    expect(told('SIGN_UP', evidence)).toBe('fail: prompts: login; no create')
    expect(remedyOf('SIGN_UP', evidence)).toContain('password_registration_enabled: true')
  })

  test('ACCOUNT_PAGE weighs more at MAS, whose document Synapse refuses without it', () => {
    expect(told('ACCOUNT_PAGE', saying(without('account_management_uri')))).toContain('fail (error)')
    const { account_management_uri: _, jwks_uri: __, ...document }: Record<string, unknown> = OWN
    document['token_endpoint'] = 'https://op.example.org/t'
    delete document['org.matrix.matrix-authentication-service.graphql_endpoint']
    expect(told('ACCOUNT_PAGE', saying(document))).toContain('fail: ')
  })

  test.each(['Keycloak, as it comes', 'Okta', 'Auth0'] as const)(
    'ACCOUNT_PAGE says by an error that %s is no OP of a homeserver, and where it belongs',
    (op) => {
      expect(told('ACCOUNT_PAGE', OPS[op])).toContain('fail (error)')
      expect(remedyOf('ACCOUNT_PAGE', OPS[op])).toContain('behind MAS')
    },
  )

  test.each([
    ['is not there', html(404)],
    ['is down', html(502)],
    ['wants a login of the proxy', answered(401, 'Authorization Required')],
    ['is closed by the proxy', html(403)],
    ['does not answer', failed()],
  ])('ACCOUNT_PAGE fails where the page %s', (_, accountPage) => {
    expect(judged('ACCOUNT_PAGE', changed('MAS', { accountPage }))).toMatchObject({
      result: 'fail',
      faults: [{ field: 'account_management_uri' }],
    })
  })

  test('ACCOUNT_PAGE cannot tell of a page on another host', () => {
    const accountPage = answered(302, '', { location: 'https://parked.example.com/' })
    expect(told('ACCOUNT_PAGE', changed('MAS', { accountPage }))).toMatch(/^not asked: .*parked/u)
  })

  test('ACCOUNT_PAGE passes unopened', () => {
    expect(told('ACCOUNT_PAGE', changed('MAS', { accountPage: undefined }))).toContain('(not opened)')
  })

  const actions = (value: unknown): Evidence => saying({ ...OWN, account_management_actions_supported: value })

  test.each([
    'org.matrix.profile',
    'org.matrix.devices_list',
    'org.matrix.device_view',
    'org.matrix.device_delete',
    'org.matrix.cross_signing_reset',
    'org.matrix.account_deactivate',
  ])('ACCOUNT_ACTIONS names %s where it lacks', (lacking) => {
    const all = [...(discoveredDocument('tuwunel-auth-metadata')['account_management_actions_supported'] as string[])]
    const stable = all.filter((each) => !/session/u.test(each) && each !== lacking)
    expect(told('ACCOUNT_ACTIONS', actions(stable))).toContain(`has no ${lacking}`)
  })

  test('ACCOUNT_ACTIONS is information where an action has its former name alone', () => {
    const former = ['profile', 'sessions_list', 'session_view', 'session_end', 'org.matrix.cross_signing_reset']
    expect(told('ACCOUNT_ACTIONS', actions(former))).toContain('fail (info)')
    expect(told('ACCOUNT_ACTIONS', actions(former))).toContain('by its former name session_end alone')
  })

  test('ACCOUNT_ACTIONS fails where there is no list', () => {
    expect(told('ACCOUNT_ACTIONS', actions(undefined))).toContain('lists no actions')
    expect(told('ACCOUNT_ACTIONS', actions('all'))).toContain('is no list')
  })

  test('QR_GRANT names the endpoint and the grant', () => {
    const evidence = saying(discoveredDocument('mas-openid-configuration-no-device-grant'))
    expect(told('QR_GRANT', evidence)).toContain('device_authorization_endpoint is missing')
    expect(told('QR_GRANT', evidence)).toContain('grant_types_supported has no urn:ietf')
    expect(remedyOf('QR_GRANT', evidence)).toContain('device_code_grant_enabled')
  })

  test('SIGN_OUT_NOTICES looks at back-channel logout where the OP is neither MAS nor the homeserver', () => {
    expect(told('SIGN_OUT_NOTICES', OPS['Keycloak, opened'])).toContain('pass: backchannel_logout_supported')
    expect(told('SIGN_OUT_NOTICES', OPS.Okta)).toMatch(/^fail/u)
  })
})

describe.each(['REGISTRATION', 'REGISTRATION_NATIVE'] as const)('%s', (code) => {
  const question = code === 'REGISTRATION' ? 'registration' : 'registrationNative'
  const REGISTERED = {
    client_id: 'a',
    client_uri: 'https://x.example.org/',
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
  }
  const of = (exchange: Exchange): Evidence => changed('MAS', { [question]: exchange })

  test.each([
    ['Application/JSON; charset=UTF-8', 'pass'],
    ['application/hal+json', 'fail'],
    ['text/plain', 'fail'],
  ])('takes a body of the type %s as Element X does', (type, result) => {
    const headers = { 'content-type': type, 'access-control-allow-origin': '*' }
    expect(judged(code, of(answered(201, REGISTERED, headers))).result).toBe(result)
  })

  test('passes with 201 and all of it repeated', () => {
    expect(told(code, of(answered(201, REGISTERED)))).toBe('pass: 201 with a client_id.')
  })

  test.each([
    ['client_id', { ...REGISTERED, client_id: 7 }],
    ['client_id', { ...REGISTERED, client_id: '' }],
    ['client_uri', without('client_uri', REGISTERED)],
    ['token_endpoint_auth_method', { ...REGISTERED, token_endpoint_auth_method: 'client_secret_basic' }],
    ['grant_types', { ...REGISTERED, grant_types: ['authorization_code'] }],
  ])('names %s where the answer has it wrong', (field, body) => {
    expect(judged(code, of(answered(201, body)))).toMatchObject({ result: 'fail', faults: [{ field }] })
  })

  test('says that no login by QR code comes of it without the device grant', () => {
    const grants = ['authorization_code', 'refresh_token']
    expect(told(code, of(answered(201, { ...REGISTERED, grant_types: grants })))).toContain('no login by QR code')
  })

  test('takes 200 for information: every client takes it', () => {
    expect(told(code, of(answered(200, REGISTERED)))).toContain('fail (info): 200 in place of 201')
  })

  test.each([
    ['MAS', answered(400, discoveredDocument('mas-registration-400-missing-client-uri')), 'missing client_uri'],
    ['Tuwunel', answered(403, discoveredDocument('tuwunel-registration-403-access-token')), 'initial access token'],
    ['Keycloak, opened', answered(403, discoveredDocument('keycloak-registration-403-max-clients')), 'max 200 clients'],
    ['Okta', answered(401, { errorCode: 'E0000011', errorSummary: 'Invalid token provided' }), 'Invalid token'],
    ['Auth0', answered(404), '404'],
    ['continuwuity', html(201), 'HTML'],
  ] as const)('says what %s answers where it refuses', (op, exchange, words) => {
    const evidence = changed(op, { [question]: exchange })
    expect(told(code, evidence)).toMatch(/^fail: /u)
    expect(told(code, evidence)).toContain(words)
    expect(remedyOf(code, evidence)).not.toBe('')
  })

  test('has the origin allowed where Keycloak refuses that before all else', () => {
    const evidence = changed('Keycloak, opened', { [question]: answered(403, 'Invalid origin', {}) })
    expect(told(code, evidence)).toContain('web clients may not register')
    expect(remedyOf(code, evidence)).toContain('Allowed Registration Web Origins')
  })

  test('fails where nobody answers', () => {
    expect(told(code, of(failed()))).toContain('no answer')
  })

  test('says how to have it asked', () => {
    expect(remedyOf(code, changed('MAS', { [question]: undefined }))).toContain('--register')
  })

  test('shows nothing of the token by which a client is deleted', () => {
    const evidence = of(answered(200, { ...REGISTERED, registration_access_token: 'very-secret' }))
    expect(JSON.stringify(judged(code, evidence))).not.toContain('very-secret')
  })
})

describe.each([
  ['SCOPE_STABLE', 'authorizeStable', 'urn:matrix:client:device'],
  ['SCOPE_UNSTABLE', 'authorizeUnstable', 'urn:matrix:org.matrix.msc2967.client:device'],
] as const)('%s', (code, question, scope) => {
  const CALLBACK = 'https://client.example.org/callback'
  const AUTHORIZE = `https://auth.example.org/authorize?redirect_uri=${encodeURIComponent(CALLBACK)}`
  const to = (location: string): Exchange => answered(302, '', { location }, { url: AUTHORIZE })

  test('takes no error on a page of the OP for an answer to the client', () => {
    for (const page of ['https://auth.example.org/login?error=', '/login?error=invalid_scope', `${CALLBACK}s?error=x`])
      expect(told(code, changed('MAS', { [question]: to(page) }))).toContain('cannot be told from outside')
  })

  test('says of a refusal whether it is one of the scopes', () => {
    const faulty = (error: string): unknown =>
      judged(code, changed('MAS', { [question]: to(`${CALLBACK}?error=${error}`) }))
    expect(faulty('invalid_scope')).toMatchObject({ faults: [{ field: 'scope' }] })
    expect(faulty('unauthorized_client')).toMatchObject({ faults: [{ field: 'authorization_endpoint' }] })
  })

  test.each(['?', '#'])('fails by an error behind %s', (mark) => {
    const evidence = changed('Keycloak, opened', {
      [question]: to(`https://client.example.org/callback${mark}error=invalid_scope&error_description=No`),
    })
    expect(told(code, evidence)).toContain('fail: invalid_scope: No')
    expect(remedyOf(code, evidence)).toContain('--features=parameterized-scopes')
    expect(remedyOf(code, evidence)).toContain(`\`${scope}\``)
  })

  test('fails by an error in the answer itself', () => {
    const refused = answered(400, { error: 'invalid_scope', error_description: 'Not here' })
    expect(told(code, changed('Tuwunel', { [question]: refused }))).toContain('fail: invalid_scope: Not here')
  })

  test('has Okta put behind MAS: its scopes have fixed names', () => {
    const evidence = changed('Okta', { [question]: to(`${CALLBACK}?error=invalid_scope`) })
    expect(remedyOf(code, evidence)).toContain('fixed names')
    expect(remedyOf(code, evidence)).toContain('Okta belongs behind MAS or Synapse')
  })

  test('passes by a login page where the OP looks at scopes first', () => {
    expect(told(code, changed('Keycloak, opened', { [question]: html(200) }))).toMatch(/^pass/u)
  })

  test.each(['MAS', 'Tuwunel', 'Auth0'] as const)('concludes nothing from the login page of %s', (op) => {
    expect(told(code, OPS[op])).toContain('cannot be told from outside')
    expect(remedyOf(code, OPS[op])).toContain('--walk')
  })

  test('fails of a page that continuwuity refuses a scope by', () => {
    expect(told(code, changed('continuwuity', { [question]: answered(400, 'Invalid scope: urn') }))).toContain(
      'fail: invalid_scope',
    )
  })

  test.each([
    ['another error', to(`${CALLBACK}?error=unauthorized_client`), 'unauthorized_client'],
    ['a refusal without a redirect', html(400), '400'],
    ['nothing', failed(), 'no answer'],
  ])('fails of %s, without blaming the scopes', (_, exchange, words) => {
    const evidence = changed('MAS', { [question]: exchange })
    expect(told(code, evidence)).toContain(words)
    expect(told(code, evidence)).toMatch(/^fail/u)
    expect(remedyOf(code, evidence)).not.toContain('device')
  })
})

describe('REVOCATION', () => {
  test('says nothing where no revocation comes through at all: OP_ROUTES does', () => {
    const evidence = changed('MAS', { revokeJunk: html(502), revokeRegistered: html(502) })
    expect(told('REVOCATION', evidence)).toMatch(/^not asked: .*OP_ROUTES says why/u)
    expect(told('OP_ROUTES', evidence)).toContain('revocation_endpoint answers 502')
    expect(told('REVOCATION', changed('MAS', { revokeRegistered: html(502) }))).toMatch(/^fail: 502/u)
  })

  test('goes by the status alone: Keycloak answers 200 with an error in it', () => {
    expect(told('REVOCATION', OPS['Keycloak, opened'])).toMatch(/^pass: 200/u)
  })

  test.each([
    ['204', answered(204), 'Element X takes 200 alone'],
    ['400', answered(400, discoveredDocument('continuwuity-revoke-400-junk')), '400 invalid_grant'],
    ['401', answered(401, { error: 'invalid_client' }), '401 invalid_client'],
    ['nothing', failed(), 'no answer'],
  ])('fails of %s to a client that is registered', (_, revokeRegistered, words) => {
    const text = told('REVOCATION', changed('MAS', { revokeRegistered }))
    expect(text).toMatch(/^fail/u)
    expect(text).toContain(words)
  })

  test('takes the answer without a client where that says something', () => {
    expect(told('REVOCATION', changed('Tuwunel', { revokeRegistered: undefined }))).toContain('pass: 200')
    expect(told('REVOCATION', changed('continuwuity', { revokeRegistered: undefined }))).toContain('fail: 400')
    expect(told('REVOCATION', changed('MAS', { revokeRegistered: undefined }))).toContain('not asked')
  })
})

describe('QR_DEVICE', () => {
  const CODE = { device_code: 'a', user_code: 'b', verification_uri: 'https://x.example.org', expires_in: 5 }

  test.each(Object.keys(CODE))('names %s where it lacks', (field) => {
    expect(
      judged('QR_DEVICE', changed('MAS', { deviceAuthorization: answered(200, without(field, CODE)) })),
    ).toMatchObject({ result: 'fail', faults: [{ field }] })
  })

  test.each([
    ['expires_in', -5],
    ['expires_in', 0],
    ['verification_uri', 'http://[::]:8080/link'],
    ['verification_uri', 'http://0.0.0.0/link'],
    ['verification_uri', 'link'],
    ['verification_uri', 'javascript:alert(1)'],
  ])('fails of %s %j, by which nobody comes to the end', (field, value) => {
    const deviceAuthorization = answered(200, { ...CODE, [field]: value })
    expect(judged('QR_DEVICE', changed('MAS', { deviceAuthorization }))).toMatchObject({
      result: 'fail',
      faults: [{ field, breaks: ['element-x', 'element-web'] }],
    })
  })

  test.each([
    ['a refusal', answered(401, { error: 'unauthorized_client' }), '401 unauthorized_client'],
    ['nothing', failed(), 'no answer: the connection was refused'],
  ])('fails of %s', (_, deviceAuthorization, words) => {
    expect(told('QR_DEVICE', changed('MAS', { deviceAuthorization }))).toBe(`fail: ${words}`)
  })

  test('lays a refusal of scopes at their door', () => {
    const evidence = changed('MAS', { deviceAuthorization: answered(400, { error: 'invalid_scope' }) })
    expect(remedyOf('QR_DEVICE', evidence)).toContain('SCOPE_STABLE')
  })

  test('shows neither code', () => {
    expect(JSON.stringify(judged('QR_DEVICE', OPS.MAS))).not.toContain('ddd')
  })
})
