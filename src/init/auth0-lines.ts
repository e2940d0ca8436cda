import { comment } from './yaml-text.ts'

/** Rules that only a target like Auth0 follows, as `mappings/auth0.yaml` has them. */
export const auth0Lines = (): readonly string[] => [
  comment(
    'How usernames are made: Auth0 keeps every name in small letters, and takes neither = nor /; auth0.yaml says what becomes of these.',
  ),
  'usernames:',
  "  from: '{localpart|lower}'",
  '  collision: hold_back # number: anna2, anna3',
  '',
  comment('Auth0 knows one e-mail address of each account; the others are noted in app_metadata.'),
  'emails:',
  '  primary: oldest # newest, none',
  '  others: keep # leave',
  '',
  comment('Attributes of the account at Auth0: fields of the profile such as name, and any others in app_metadata.'),
  'attributes:',
  "  name: '{displayname}'",
  '',
]
