import { reading } from './examples.ts'
import { article, seenByOthers } from './published.ts'
import { patching, posting, refused, shown } from './requests.ts'
import type { Rule, Step } from './rule.ts'
import { says } from './users-published.ts'

const ENTERPRISE = { enterprise: { strategy: 'oidc', scim: false } } as const
const PROFILE = '/api/v2/users/oidc%7C{enterprise name}%7Cann-at-idp'

const ARRIVING: Step = {
  kind: 'upstream login',
  connection: '{enterprise name}',
  subject: 'ann-at-idp',
  email: 'ann@example.org',
}

const RENEWING: Step = { kind: 'refresh', userId: 'oidc|{enterprise name}|ann-at-idp' }

/** An Action that runs at the next login. */
const bound = (code: string): readonly [Step, Step] => [
  posting('/api/v2/actions/actions', {
    name: 'at login',
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
    code: `exports.onExecutePostLogin = async (event, api) => { ${code} }`,
    deploy: true,
  }),
  patching('/api/v2/actions/triggers/post-login/bindings', {
    bindings: [{ ref: { type: 'action_name', value: 'at login' }, display_name: 'at login' }],
  }),
]

/** The newest entry of the log is of a login that failed. */
const failed = shown('/api/v2/logs?sort=date%3A-1', { 0: { type: 'f' } })

/** Logins through the provider of an enterprise connection, and the Actions that run then. */
export const UPSTREAM_LOGIN_RULES: readonly Rule[] = [
  {
    id: 'login.upstream',
    says: 'Who comes from an enterprise provider has the profile of strategy, connection and subject; it is made at the first login.',
    sources: [
      seenByOthers(
        'SCIM PATCH/DELETE fails on SAML enterprise connections',
        'https://community.auth0.com/t/scim-patch-delete-fails-on-saml-enterprise-connections-non-url-safe-id-in-create-response/197855',
        '"id": "samlp|my-saml-connection|username"',
      ),
      // Asked so, and affirmed by the staff.
      article(
        'Sub formatting in the JWT ID Token for Enterprise Connections',
        'https://community.auth0.com/t/sub-formatting-in-the-jwt-id-token-for-enterprise-connections/182837',
        'enterprise-connection-strategy|connection-name|idp-user-id for each of the enterprise connections?',
      ),
      article(
        'Mass update user emails in auth0 connection',
        'https://community.auth0.com/t/mass-update-user-emails-in-auth0-connection/106693',
        'Users on an enterprise connection are based on the response from an upstream IdP.',
      ),
    ],
    keeps: {
      given: ENTERPRISE,
      steps: [ARRIVING, reading(PROFILE)],
    },
    breaks: [
      {
        wrong: 'the address changed here, not at the provider',
        given: ENTERPRISE,
        steps: [ARRIVING, patching(PROFILE, { email: 'anna@example.org' })],
        refusal: refused(400, undefined, 'Cannot update email for this user'),
      },
      {
        wrong: 'made beforehand by the Management API',
        given: ENTERPRISE,
        steps: [
          posting('/api/v2/users', {
            connection: '{enterprise name}',
            user_id: 'ann-at-idp',
            email: 'ann@example.org',
          }),
        ],
        refusal: refused(400),
      },
    ],
  },
  {
    id: 'login.primary-user',
    says: 'An Action can make it the login of another only where the identity that came is linked with them.',
    sources: [
      says('actionApi', 'The login will fail and tokens will not be issued otherwise.'),
      says('link', 'On successful linking, the endpoint returns the new array of the primary account identities.'),
    ],
    keeps: {
      given: ENTERPRISE,
      steps: [...bound('api.authentication.setPrimaryUser(event.user.user_id)'), ARRIVING, reading(PROFILE)],
    },
    breaks: [
      {
        wrong: 'somebody who is not linked',
        given: { ...ENTERPRISE, users: [{ user_id: 'ann', email: 'ann@example.org', username: 'ann' }] },
        steps: [...bound("api.authentication.setPrimaryUser('auth0|ann')"), ARRIVING],
        refusal: failed,
      },
    ],
  },
  {
    id: 'login.denied',
    says: 'An Action can deny a login.',
    sources: [says('actionApi', 'Mark the current login attempt as denied.')],
    keeps: { given: ENTERPRISE, steps: [...bound(''), ARRIVING, reading(PROFILE)] },
    breaks: [
      {
        wrong: 'denied',
        given: ENTERPRISE,
        steps: [...bound("api.access.deny('not today')"), ARRIVING],
        refusal: failed,
      },
    ],
  },
  {
    id: 'login.refresh',
    says: 'The Actions of a login run too when an application renews its tokens, where nobody is there; the event says so.',
    sources: [
      says('actionGuidelines', 'refresh token exchange (no user interaction)'),
      says('actionEvent', '`oauth2-access-token`, `oauth2-refresh-token`, `oauth2-token-exchange`'),
    ],
    keeps: { given: ENTERPRISE, steps: [...bound(''), ARRIVING, RENEWING] },
    breaks: [
      {
        wrong: 'denied, as if somebody could try again',
        given: ENTERPRISE,
        steps: [
          ...bound("if (event.transaction.protocol === 'oauth2-refresh-token') api.access.deny('later')"),
          ARRIVING,
          RENEWING,
        ],
        refusal: shown('/api/v2/logs?sort=date%3A-1', { 0: { type: 'fertft' }, 1: { type: 's' } }),
      },
    ],
  },
]
