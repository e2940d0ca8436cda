import { describe, expect, it } from 'vitest'
import { abilitiesOf } from '../../../../src/readiness/abilities/abilities.ts'
import type { Evidence } from '../../../../src/readiness/evidence.ts'
import type { Exchange } from '../../../../src/readiness/http/exchange.ts'
import { judgeAll } from '../../../../src/readiness/probes/all-probes.ts'
import type { ClientId } from '../../../../src/readiness/probes/probe.ts'
import type { ReadinessAbility, ReadinessDeed } from '../../../../src/report/readiness-document.ts'
import { discovered, discoveredDocument } from '../../../support/readiness/discovery.ts'
import { answered, failed } from '../../../support/readiness/evidence.ts'
import { productWith } from '../../../support/readiness/whole-products.ts'

const METADATA = discoveredDocument('synapse-mas-auth-metadata')

/** Synapse with MAS, whose metadata is other than it should be. */
const withMetadata = (
  change: Readonly<Record<string, unknown>>,
  more: Parameters<typeof productWith>[1] = {},
): Evidence => {
  const document = Object.fromEntries(
    Object.entries({ ...METADATA, ...change }).filter(([, value]) => value !== undefined),
  )
  return productWith('Synapse and MAS', {
    metadataStable: answered(200, document),
    metadataUnstable: answered(200, document),
    opConfiguration: answered(200, document),
    ...more,
  })
}

const withMas = (answers: Parameters<typeof productWith>[1]): Evidence => productWith('Synapse and MAS', answers)

const passwordsOff: Exchange = answered(200, discovered('mas-login-flows-passwords-off'))

const ability = (evidence: Evidence, client: ClientId, deed: ReadinessDeed): ReadinessAbility => {
  const found = abilitiesOf(evidence, judgeAll(evidence)).find((one) => one.client === client && one.deed === deed)
  if (found === undefined) throw new Error(`nothing is said of ${client}, ${deed}`)
  return found
}

interface Symptom {
  readonly cause: string
  readonly evidence: Evidence
  readonly client: ClientId
  readonly deed: ReadinessDeed
  readonly can: ReadinessAbility['can']
  readonly by?: string
  /** What people read, or the start of it. */
  readonly shows?: string
  readonly probe?: string
}

const HTTP_ISSUER = { issuer: 'http://[::]:8080/' }

const CALLBACK = 'https://client.example.org/callback'

/** The OP sends people back to the app with an error. */
const backWith = (error: string): Exchange =>
  answered(
    303,
    '',
    { location: `${CALLBACK}?error=${error}` },
    { url: `https://auth.example.org/authorize?redirect_uri=${encodeURIComponent(CALLBACK)}` },
  )

const SYMPTOMS: readonly Symptom[] = [
  {
    cause: 'MAS with its default http issuer',
    evidence: withMetadata(HTTP_ISSUER),
    client: 'element-x',
    deed: 'sign up',
    can: 'no',
    shows: '“Your homeserver needs to be upgraded to support Matrix Authentication Service and account creation.”',
    probe: 'METADATA_HTTPS',
  },
  {
    cause: 'MAS with its default http issuer',
    evidence: withMetadata(HTTP_ISSUER),
    client: 'element-x',
    deed: 'log in',
    can: 'yes',
    by: 'by password',
    shows: 'Element X takes no OAuth here and says nothing of it',
    probe: 'METADATA_HTTPS',
  },
  {
    cause: 'an http issuer and passwords off',
    evidence: withMetadata(HTTP_ISSUER, { login: passwordsOff }),
    client: 'element-x',
    deed: 'log in',
    can: 'no',
    shows: '“The selected homeserver doesn’t support password or OAuth login.',
    probe: 'METADATA_HTTPS',
  },
  {
    cause: 'an http issuer',
    evidence: withMetadata(HTTP_ISSUER),
    client: 'element-web',
    deed: 'log in',
    can: 'yes',
    by: 'by the OP',
  },
  {
    cause: 'v1.15 listed, and only the unstable path served',
    evidence: withMas({ metadataStable: answered(404, '<h1>Not Found</h1>', { 'content-type': 'text/html' }) }),
    client: 'element-web',
    deed: 'log in',
    can: 'yes',
    by: 'by password',
    shows: '“Your Element is misconfigured”',
    probe: 'HOMESERVER_CORS',
  },
  {
    cause: 'a page in place of the metadata',
    evidence: withMas({ metadataStable: answered(404, '<h1>Not Found</h1>') }),
    client: 'fluffychat',
    deed: 'log in',
    can: 'no',
    shows: '“Doesn’t seem to be a compatible homeserver. Wrong URL?”',
    probe: 'METADATA_STABLE',
  },
  {
    cause: 'metadata without response_modes_supported',
    evidence: withMetadata({ response_modes_supported: undefined }),
    client: 'fluffychat',
    deed: 'log in',
    can: 'no',
    shows: '“Oops, something went wrong…”',
    probe: 'METADATA_REQUIRED',
  },
  {
    cause: 'metadata without response_modes_supported',
    evidence: withMetadata({ response_modes_supported: undefined }),
    client: 'element-x',
    deed: 'log in',
    can: 'yes',
    by: 'by the OP',
  },
  {
    cause: 'metadata without S256',
    evidence: withMetadata({ code_challenge_methods_supported: ['plain'] }),
    client: 'element-web',
    deed: 'log in',
    can: 'yes',
    by: 'by password',
    shows: '“Your Element is misconfigured”',
    probe: 'METADATA_VALUES',
  },
  {
    cause: 'no registration endpoint',
    evidence: withMetadata({ registration_endpoint: undefined }),
    client: 'element-x',
    deed: 'log in',
    can: 'no',
    shows: '“An error occurred: client registration failed”',
    probe: 'METADATA_REQUIRED',
  },
  {
    cause: 'a registration that is refused',
    evidence: withMas({ registrationNative: answered(403, { error: 'insufficient_scope' }) }),
    client: 'element-x',
    deed: 'log in',
    can: 'no',
    shows: '“An error occurred: client registration failed”',
    probe: 'REGISTRATION_NATIVE',
  },
  {
    cause: 'a registration that is refused',
    evidence: withMas({ registration: answered(403, { error: 'insufficient_scope' }) }),
    client: 'element-web',
    deed: 'log in',
    can: 'yes',
    by: 'by password',
    shows: 'what /login offers, as if there were no OAuth',
    probe: 'REGISTRATION',
  },
  {
    cause: 'a registration that was not tried',
    evidence: withMas({ registrationNative: undefined }),
    client: 'element-x',
    deed: 'log in',
    can: 'yes',
    by: 'by the OP',
    shows: 'Registration at the OP was not tried: --register.',
  },
  {
    cause: 'a token endpoint that leads to a page',
    evidence: withMas({ tokenJunk: answered(404, '<h1>Not Found</h1>', { 'content-type': 'text/html' }) }),
    client: 'element-x',
    deed: 'log in',
    can: 'no',
    shows: '“Sorry, an error occurred”',
    probe: 'OP_ROUTES',
  },
  {
    cause: 'a token endpoint without CORS',
    evidence: withMas({ tokenJunk: answered(400, { error: 'invalid_grant' }, {}) }),
    client: 'element-web',
    deed: 'log in',
    can: 'no',
    shows: '“We couldn’t log you in',
    probe: 'OP_CORS',
  },
  {
    cause: 'a token endpoint without CORS',
    evidence: withMas({ tokenJunk: answered(400, { error: 'invalid_grant' }, {}) }),
    client: 'element-x',
    deed: 'log in',
    can: 'yes',
    by: 'by the OP',
  },
  {
    cause: 'a homeserver without CORS',
    evidence: withMas({ versions: answered(200, discovered('synapse-1.163-versions'), {}) }),
    client: 'element-web',
    deed: 'log in',
    can: 'no',
    shows: '“Cannot reach homeserver”',
    probe: 'HOMESERVER_CORS',
  },
  {
    cause: 'Synapse that cannot ask MAS',
    evidence: withMas({ whoami: answered(503, discovered('synapse-503-mas-down')) }),
    client: 'legacy-password',
    deed: 'log in',
    can: 'no',
    shows: 'The homeserver does not tell whose an access token is',
    probe: 'TOKENS_CHECKED',
  },
  {
    cause: 'Synapse that cannot ask MAS',
    evidence: withMas({ whoami: answered(503, discovered('synapse-503-mas-down')) }),
    client: 'element-x',
    deed: 'manage devices',
    can: 'no',
    probe: 'TOKENS_CHECKED',
  },
  {
    cause: 'a token of nobody that is taken',
    evidence: withMas({ whoami: answered(200, { user_id: '@a:example.org' }) }),
    client: 'element-x',
    deed: 'log in',
    can: 'yes',
    by: 'by the OP',
  },
  {
    cause: 'a proxy that does not send /login to MAS',
    evidence: withMas({ login: answered(404, discovered('synapse-404-unrecognized')) }),
    client: 'legacy-password',
    deed: 'log in',
    can: 'no',
    probe: 'LOGIN_FLOWS',
  },
  {
    cause: 'a proxy that does not send /logout to MAS',
    evidence: withMas({ logout: answered(404, discovered('synapse-404-unrecognized')) }),
    client: 'legacy-sso',
    deed: 'log out',
    can: 'no',
    shows: 'The app forgets the session',
    probe: 'LEGACY_LOGOUT',
  },
  {
    cause: 'MAS without passwords',
    evidence: withMas({ login: passwordsOff }),
    client: 'legacy-password',
    deed: 'log in',
    can: 'no',
    probe: 'LEGACY_PASSWORD',
  },
  {
    cause: 'no homeserver with flows and no OAuth',
    evidence: productWith('Synapse without an OP', { login: answered(200, { flows: [] }) }),
    client: 'element-web',
    deed: 'log in',
    can: 'no',
    shows: '“This homeserver doesn’t offer any login flows that are supported by this client.”',
    probe: 'LOGIN_FLOWS',
  },
  {
    cause: 'MAS without sign-up',
    evidence: withMetadata({ prompt_values_supported: ['login'] }),
    client: 'element-web',
    deed: 'sign up',
    can: 'no',
    shows: '“Registration has been disabled on this homeserver.”',
    probe: 'SIGN_UP',
  },
  {
    cause: 'MAS without sign-up',
    evidence: withMetadata({ prompt_values_supported: ['login'] }),
    client: 'element-x',
    deed: 'sign up',
    can: 'unknown',
    shows: 'The app opens the OP’s page',
    probe: 'SIGN_UP',
  },
  {
    cause: 'no account page',
    evidence: withMetadata({ account_management_uri: undefined }),
    client: 'element-x',
    deed: 'manage account',
    can: 'no',
    shows: 'Element X has no entry for it in its menu',
    probe: 'ACCOUNT_PAGE',
  },
  {
    cause: 'Synapse without msc4108',
    evidence: withMas({}),
    client: 'element-x',
    deed: 'log in by QR',
    can: 'no',
    shows: '“QR code not supported',
    probe: 'QR_RENDEZVOUS',
  },
  {
    cause: 'an OP without the device grant',
    evidence: withMetadata({ grant_types_supported: ['authorization_code', 'refresh_token'] }),
    client: 'element-web',
    deed: 'log in by QR',
    can: 'no',
    shows: '“QR code not supported',
    probe: 'QR_GRANT',
  },
  {
    cause: 'a revocation endpoint that is not there',
    evidence: withMas({ revokeJunk: answered(404, '', {}) }),
    client: 'element-x',
    deed: 'log out',
    can: 'no',
    shows: 'The app forgets the session, which stays in the list of devices',
    probe: 'OP_ROUTES',
  },
  {
    cause: 'a .well-known that is no JSON',
    evidence: withMas({ wellKnownClient: answered(200, '<h1>Welcome</h1>') }),
    client: 'element-x',
    deed: 'log in',
    can: 'no',
    shows: '“Server isn’t available due to an issue in the .well-known file”',
    probe: 'WELL_KNOWN',
  },
  {
    cause: 'a .well-known that is no JSON, to people who are logged in',
    evidence: withMas({ wellKnownClient: answered(200, '<h1>Welcome</h1>') }),
    client: 'element-x',
    deed: 'log out',
    can: 'yes',
    by: 'by the OP',
  },
  {
    cause: 'a .well-known without CORS',
    evidence: withMas({ wellKnownClient: answered(200, discovered('synapse-well-known-client-mas'), {}) }),
    client: 'element-web',
    deed: 'log in',
    can: 'no',
    probe: 'WELL_KNOWN',
  },
  {
    cause: 'a .well-known without CORS',
    evidence: withMas({ wellKnownClient: answered(200, discovered('synapse-well-known-client-mas'), {}) }),
    client: 'element-x',
    deed: 'log in',
    can: 'yes',
    by: 'by the OP',
  },
  {
    cause: 'an OP that refuses the scopes of the proposal',
    evidence: withMas({
      authorizeUnstable: backWith('invalid_scope'),
    }),
    client: 'element-x',
    deed: 'log in',
    can: 'no',
    shows: 'a browser page that says invalid_scope',
    probe: 'SCOPE_UNSTABLE',
  },
  {
    cause: 'an OP that refuses the scopes of the proposal',
    evidence: withMas({
      authorizeUnstable: backWith('invalid_scope'),
    }),
    client: 'element-web',
    deed: 'log in',
    can: 'yes',
    by: 'by the OP',
  },
  {
    cause: 'an OP that refuses the request of Element X, and not its scopes',
    evidence: withMas({ authorizeUnstable: backWith('unauthorized_client') }),
    client: 'element-x',
    deed: 'log in',
    can: 'no',
    shows: 'The OP does not take the login as Element X asks for it; Element X shows “Sorry, an error occurred”',
    probe: 'SCOPE_UNSTABLE',
  },
  {
    cause: 'a user whose capabilities let passwords be changed',
    evidence: productWith('Tuwunel', { capabilities: answered(200, { capabilities: {} }) }),
    client: 'legacy-password',
    deed: 'manage account',
    can: 'yes',
    by: 'in the app',
  },
]

describe('what people meet', () => {
  it.each(SYMPTOMS)('$cause: $client, $deed: $can', ({ evidence, client, deed, can, by, shows, probe }) => {
    const found = ability(evidence, client, deed)
    expect({ can: found.can, by: found.by }).toEqual({ can, by })
    const words = found.because.map((one) => one.words).join('\n')
    if (shows === undefined) expect(found.because.length > 0).toBe(can !== 'yes')
    else expect(words).toContain(shows)
    if (probe !== undefined) expect(found.because.map((one) => one.probe)).toContain(probe)
  })

  it('is for nobody anything where the homeserver does not answer, and says why', () => {
    const silent = withMas({
      versions: failed(),
      metadataStable: failed(),
      metadataUnstable: failed(),
      login: failed(),
      whoami: failed(),
    })
    const abilities = abilitiesOf(silent, judgeAll(silent)).filter(({ can }) => can !== 'never')
    expect(new Set(abilities.map(({ can }) => can))).toEqual(new Set(['no']))
    expect(new Set(abilities.flatMap(({ because }) => because.map(({ probe }) => probe)))).toEqual(
      new Set(['VERSIONS']),
    )
    expect(abilities[0]?.because[0]?.words).toContain('“We couldn’t reach this homeserver.”')
  })

  it('is not known where no homeserver was asked', () => {
    const { asked } = productWith('Synapse and MAS', {})
    const none = productWith(
      'Synapse without an OP',
      Object.fromEntries(Object.keys(asked).map((name) => [name, undefined])),
    )
    const abilities = abilitiesOf(none, []).filter(({ can }) => can !== 'never')
    expect(new Set(abilities.map(({ can }) => can))).toEqual(new Set(['unknown']))
  })

  it.each([[{ info: 1 }], [[]], [null], [0], ['x']])('stands whatever JSON a server answers: %j', (json) => {
    const { asked } = productWith('Synapse and MAS', {})
    const odd = productWith(
      'Synapse and MAS',
      Object.fromEntries(Object.keys(asked).map((name) => [name, answered(200, json)])),
    )
    expect(abilitiesOf(odd, judgeAll(odd))).toHaveLength(36)
  })

  it('has a reason of everything that is no yes', () => {
    const all = SYMPTOMS.flatMap(({ evidence }) => abilitiesOf(evidence, judgeAll(evidence)))
    expect(all.filter(({ can, because }) => can !== 'yes' && because.length === 0)).toEqual([])
  })
})

describe('what was not asked', () => {
  it.each([
    ['fluffychat', 'manage devices'],
    ['aware', 'manage account'],
    ['aware', 'manage devices'],
  ] as const)('is not said to be absent: %s, %s without .well-known', (client, deed) => {
    const found = ability(withMas({ wellKnownClient: undefined }), client, deed)
    expect(found.can).toBe('unknown')
    expect(found.because[0]?.words).toMatch(/by \.well-known, which was not asked: --server-name NAME\.$/u)
  })
})
