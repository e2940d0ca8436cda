import { reading } from './examples.ts'
import { inferred, seenByOthers } from './published.ts'
import { ANN_PATH, ANN_THERE, gone, patching, refused, shown } from './requests.ts'
import type { Rule, Step } from './rule.ts'
import { says } from './users-published.ts'

const BLOCKED = { users: [{ ...ANN_THERE.users[0], blocked: true }] } as const

const NAMELESS = { users: [{ user_id: 'ann', email: 'ann@example.org', email_verified: true }] } as const

const PROFILE = '/api/v2/users/oidc%7C{enterprise name}%7Cann-at-idp'

const ARRIVING: Step = { kind: 'upstream login', connection: '{enterprise name}', subject: 'ann-at-idp' }

const enterprise = (sync: string) => ({
  enterprise: { strategy: 'oidc', scim: false, options: { set_user_root_attributes: sync } } as const,
})

/** What can be done with users depends on what they have, and on what their connection is told to do. */
export const USER_STATES_RULES: readonly Rule[] = [
  {
    id: 'users.update.username.set',
    says: 'In a connection of the older kind whoever has no username gets none later.',
    sources: [
      seenByOthers(
        'rfcx/arbimon, errors of Auth0',
        'https://github.com/rfcx/arbimon',
        'Cannot update username for users without an username already set',
      ),
    ],
    keeps: { given: ANN_THERE, steps: [patching(ANN_PATH, { username: 'anna' })] },
    breaks: [
      {
        wrong: 'a first username',
        given: NAMELESS,
        steps: [patching(ANN_PATH, { username: 'anna' })],
        refusal: refused(
          400,
          'operation_not_supported',
          'Cannot update username for users without an username already set',
        ),
      },
    ],
  },
  {
    id: 'users.update.password.unblocks',
    says: 'A password that is set by the Management API takes a block away.',
    sources: [
      says(
        'blocks',
        "If you use the Management API to reset a user's password, it also removes tenant administrator blocks.",
      ),
    ],
    keeps: { given: BLOCKED, steps: [patching(ANN_PATH, { password: 'Correct-horse-9', blocked: true })] },
    breaks: [
      {
        wrong: 'the password alone',
        given: BLOCKED,
        steps: [patching(ANN_PATH, { password: 'Correct-horse-9' })],
        refusal: shown(ANN_PATH, { blocked: undefined }),
      },
    ],
  },
  {
    id: 'login.upstream.never_on_login',
    says: 'A connection with `set_user_root_attributes: never_on_login` makes nobody at their first login. What is answered nobody says: here they are turned away.',
    sources: [
      inferred({
        title: 'Management API, ConnectionSetUserRootAttributesEnum',
        page: 'https://auth0.github.io/node-auth0/variables/management.Management.ConnectionSetUserRootAttributesEnum.html',
        quote:
          "'never_on_login' (configures the connection not to create the user and not to set the root attributes from the external IdP",
        grade: 'specified',
      }),
    ],
    keeps: { given: enterprise('on_first_login'), steps: [ARRIVING, reading(PROFILE)] },
    breaks: [
      {
        wrong: 'somebody who is not there',
        given: enterprise('never_on_login'),
        steps: [ARRIVING],
        refusal: gone(PROFILE),
      },
    ],
  },
]
