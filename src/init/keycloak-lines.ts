import { comment } from './yaml-text.ts'

/** Rules that only a target like Keycloak follows, as `mappings/keycloak.yaml` has them. */
export const keycloakLines = (): readonly string[] => [
  comment(
    'How usernames are made: Keycloak keeps every name in small letters. Who is older keeps a name that several would get.',
  ),
  'usernames:',
  "  from: '{localpart|lower}'",
  '  collision: hold_back # number: anna2, anna3',
  '',
  comment(
    'Keycloak knows one e-mail address of each account; the others go to the attribute that keycloak.yaml names.',
  ),
  'emails:',
  '  primary: oldest # newest, none',
  '  others: keep # leave',
  '',
  comment('Attributes of the account in Keycloak; `syn2op keycloak prepare` declares them.'),
  'attributes:',
  "  matrix_user_id: '{mxid}'",
  "  displayname: '{displayname}'",
  '',
]
