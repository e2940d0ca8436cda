/** Why the program does not send a request. */
const PEOPLE = 'people who move come by import jobs, since no other request takes a hash'
const BY_ID = 'users are deleted by their id'
const BY_NAME = 'connections are looked up by their name'

const NEW_USER = 'POST /api/v2/users'

/** Rules of requests that the program never sends, by the operation that it would take. */
const RULES_OF: readonly { readonly operation: string; readonly because: string; readonly rules: readonly string[] }[] =
  [
    {
      operation: NEW_USER,
      because: PEOPLE,
      rules: [
        'users.create.scope',
        'users.create.connection.known',
        'users.create.connection.database',
        'users.create.unique',
        'users.create.body.only',
        'users.create.connection.required',
        'users.create.connection.type',
        'users.create.user_id.type',
        'users.create.user_id.longest',
        'users.create.user_id.pattern',
        'users.create.email.required',
        'users.create.password.required',
        'users.create.email.type',
        'users.create.email.format',
        'users.create.email_verified.type',
        'users.create.phone_number.type',
        'users.create.phone_number.pattern',
        'users.create.phone_verified.type',
        'users.create.username.type',
        'users.create.username.longest',
        'users.create.username.shortest',
        'users.create.given_name.type',
        'users.create.given_name.longest',
        'users.create.given_name.shortest',
        'users.create.family_name.type',
        'users.create.family_name.longest',
        'users.create.family_name.shortest',
        'users.create.name.type',
        'users.create.name.longest',
        'users.create.name.shortest',
        'users.create.nickname.type',
        'users.create.nickname.longest',
        'users.create.nickname.shortest',
        'users.create.picture.type',
        'users.create.picture.format',
        'users.create.blocked.type',
        'users.create.verify_email.type',
        'users.create.app_metadata.type',
        'users.create.user_metadata.type',
        'users.create.password.type',
        'users.create.password.shortest',
        'users.create.password.pattern',
        'users.create.password.longest',
      ],
    },
    {
      operation: 'DELETE /api/v2/connections/*/users',
      because: BY_ID,
      rules: ['connection-users.delete.email'],
    },
    {
      operation: 'DELETE /scim/v2/connections/*/Users/*',
      because: BY_ID,
      rules: ['scim.users.delete'],
    },
    { operation: 'GET /api/v2/connections/*', because: BY_NAME, rules: ['connections.read.known'] },
  ]

export interface NotSent {
  /** As `operationOf` names it. */
  readonly operation: string
  readonly because: string
}

/** By the id of a rule: why no request of ours can break it. */
export const NOT_SENT: Readonly<Record<string, NotSent>> = Object.fromEntries(
  RULES_OF.flatMap(({ rules, ...why }) => rules.map((rule) => [rule, why])),
)
