import type { QuestionName } from '../../src/readiness/evidence.ts'
import { ALL_PROBES } from '../../src/readiness/probes/all-probes.ts'
import { CLIENTS } from '../../src/readiness/probes/probe.ts'
import type { Requirement } from '../../src/readiness/requirements/requirement.ts'
import { REQUIREMENTS } from '../../src/readiness/requirements/requirements.ts'
import { code, pageHead, table } from './markdown.ts'

/** How each question is asked; `{…}` is a field of the metadata. */
const QUESTIONS: Readonly<Record<QuestionName, string>> = {
  wellKnownClient: 'GET https://(server name)/.well-known/matrix/client',
  versions: 'GET /_matrix/client/versions',
  serverVersion: 'GET /_matrix/federation/v1/version',
  metadataStable: 'GET /_matrix/client/v1/auth_metadata',
  metadataUnstable: 'GET /_matrix/client/unstable/org.matrix.msc2965/auth_metadata',
  authIssuer: 'GET /_matrix/client/unstable/org.matrix.msc2965/auth_issuer',
  login: 'GET /_matrix/client/v3/login',
  logout: 'POST /_matrix/client/v3/logout, with a token that nobody has',
  refresh: 'POST /_matrix/client/v3/refresh, with a token that nobody has',
  registerAvailable: 'GET /_matrix/client/v3/register/available, of a name that nobody has',
  whoami: 'GET /_matrix/client/v3/account/whoami, with a token that nobody has',
  preflight: 'OPTIONS /_matrix/client/v3/account/whoami, as a browser does before it sends an access token',
  masApi: 'GET /_synapse/mas/is_localpart_available, without a secret',
  masApiSecret: 'GET /_synapse/mas/is_localpart_available, with the secret of MAS and without a name',
  capabilities: 'GET /_matrix/client/v3/capabilities, with the token of --token-file',
  rendezvous: 'GET /_matrix/client/unstable/io.element.msc4388/rendezvous',
  opConfiguration: 'GET (issuer)/.well-known/openid-configuration',
  opOauthMetadata: 'GET /.well-known/oauth-authorization-server of the issuer',
  jwks: 'GET {jwks_uri}',
  authorizePage: 'GET {authorization_endpoint}, without anything',
  accountPage: 'GET {account_management_uri}',
  registrationPreflight: 'OPTIONS {registration_endpoint}',
  tokenJunk: 'POST {token_endpoint}, with a code that nobody has',
  revokeJunk: 'POST {revocation_endpoint}, with a token that nobody has',
  introspectSecret: 'POST {introspection_endpoint}, with the secret of MAS and a token that nobody has',
  registration: 'POST {registration_endpoint}, as Element Web does; only with --register',
  registrationNative: 'POST {registration_endpoint}, as Element X does; only with --register',
  authorizeStable: 'GET {authorization_endpoint}, with the scopes of the specification; only with --register',
  authorizeUnstable: 'GET {authorization_endpoint}, with the scopes of MSC2967; only with --register',
  revokeRegistered: 'POST {revocation_endpoint}, as the client that was registered; only with --register',
  deviceAuthorization: 'POST {device_authorization_endpoint}, as the client that was registered; only with --register',
  registrationDeleted: 'DELETE of the registered client (RFC 7592), where the OP gave an address for it',
  registrationNativeDeleted: 'DELETE of the other registered client',
}

const PARTS = { homeserver: 'homeserver', op: 'OP', both: 'both' } as const

const probes = table(
  [
    'Probe',
    'Of',
    'What has to be so',
    'Specification',
    'Name',
    'Failing it is',
    'What people meet',
    'What it leaves behind',
  ],
  ALL_PROBES.map(({ code: name, part, title, spec, stability, level, why, traces }) => [
    code(name),
    PARTS[part],
    title,
    spec,
    stability,
    level,
    why,
    traces ?? '',
  ]),
)

const OF: Readonly<Record<Requirement['of'], string>> = {
  homeserver: 'Homeserver',
  op: 'OP',
  client: 'Client',
  migration: 'Migration',
}

const answeredBy = ({ probes: asked = [], steps = [], findings = [] }: Requirement): string =>
  [
    ...asked.map(code),
    ...(steps.length === 0 ? [] : [`walk: ${steps.join(', ')}`]),
    ...(findings.length === 0 ? [] : [`check: ${findings.map(code).join(', ')}`]),
  ].join(' · ')

const requirements = table(
  ['Of', 'What is asked for', 'Specification', 'Where it is answered', 'What is not asked, and why'],
  REQUIREMENTS.map((each) => [
    OF[each.of],
    each.requirement,
    each.spec === 'none' ? 'none, it is wanted all the same' : each.spec,
    answeredBy(each),
    each.whyNot ?? '',
  ]),
)

const clients = table(
  ['Client', 'Kind', 'In faults'],
  Object.entries(CLIENTS).map(([id, { name, kind }]) => [name, kind, code(id)]),
)

const exits = table(
  ['Code', 'When'],
  [
    ['0', 'Nothing fails but what was accepted, or is for information'],
    [
      '10',
      'A probe of the level error fails, the walk failed, or Synapse does not start under MAS with this configuration',
    ],
    ['11', 'A probe of the level warning fails that nobody accepted'],
    ['12', 'With `--compare`: something that could be done before cannot be done now'],
    ['5', 'The homeserver does not answer at all; without one, the OP'],
    ['64', 'The command line, or a file that it names, is wrong'],
    ['130', 'Ctrl-C'],
  ],
)

const asked = table(
  ['Question', 'How it is asked'],
  Object.entries(QUESTIONS).map(([name, how]) => [code(name), how]),
)

/** docs/reference/readiness.md, from the probes and requirements themselves. */
export const readinessPage = (): string => `${pageHead('What readiness asks')}

\`syn2op readiness\` asks a homeserver and its OP what clients ask of them, holds the answers against the specification and against what clients take, and says who can do what. How to use it: [Check whether people can log in](../how-to/check-readiness.md).

Nothing in a probe guesses: each judges answers, and says what it saw. Where an answer proves nothing (an OP that looks at scopes after the login, a preflight without the request behind it) the result is *not asked*, with how to have it asked. What a client takes and refuses was read in the source of Element X (matrix-rust-sdk, ruma), Element Web (matrix-js-sdk before and from 42), FluffyChat and Cinny, as of August 2026; newer releases may be stricter or milder.

What servers answer was tried against real ones where our tests can run them: Synapse, MAS and Keycloak. **Okta, Auth0, Tuwunel, Dendrite and continuwuity are stand-ins in our tests**, made from what their makers publish: documentation for Okta and Auth0, source for the others. No server of theirs was ever asked.

## Exit codes

${exits}

## Clients

A fault names the clients that do not take a document because of it. It names none where the specification is broken and every client goes on.

${clients}

## Probes

*Name* says whether a probe looks at a name of the specification (stable), or at one of a proposal that clients still use (unstable). *error*: people cannot log in, or something of theirs breaks; *warning*: some clients or deeds; *info*: good to know, and never more than a line. A failure may weigh less than its probe, or more, and then says so.

${probes}

## Requirements

What homeservers, OPs, clients and migrations are asked for by the ecosystem (the public status pages of Matrix on OAuth), and where each is answered: by a probe, by a step of \`--walk\`, by a finding of \`syn2op check\`.

${requirements}

## What is asked

Nothing that changes a server, unless \`--register\` or \`--walk\` is given. Every token and code sent is one that nobody was ever given; secrets go to the server alone that they are for, and are shown nowhere.

${asked}
`
