import { pageSays } from './pages.ts'
import { article, inferred, specified } from './published.ts'
import { row, rowRule } from './row-rule.ts'
import type { Given, Rule } from './rule.ts'

const DEFAULT_LENGTHS: Given = {
  connection: { options: { requires_username: true, validation: { username: { min: 1, max: 15 } } } },
}

const attributesWith = (validation: Readonly<Record<string, unknown>>): Given => ({
  connection: {
    options: {
      attributes: {
        email: { identifier: { active: true }, profile_required: true },
        username: { identifier: { active: true }, profile_required: false, validation },
      },
    },
  },
})

/** What may be a username in a database connection. */
export const USERNAME_RULES: readonly Rule[] = [
  rowRule({
    id: 'row.username.longest',
    says: 'A username has at most as many characters as the connection says: 15 unless it says otherwise.',
    sources: [pageSays('usernames', 'The default allowed length for usernames is between 1 and 15 characters.')],
    path: 'username',
    check: { kind: 'username length', end: 'longest' },
    when: { kind: 'connection', setting: 'takes usernames' },
    code: 'MAX_LENGTH',
    given: DEFAULT_LENGTHS,
    keeps: row({ username: 'a'.repeat(15) }),
    breaks: [{ wrong: '16 letters', row: row({ username: 'a'.repeat(16) }), message: 'String is too long' }],
  }),
  rowRule({
    id: 'row.username.shortest',
    says: 'A username has at least as many characters as the connection says.',
    sources: [
      pageSays(
        'attributes',
        '| Username Length | Set the minimum and maximum values allowed for a user to have as username. |',
      ),
    ],
    path: 'username',
    check: { kind: 'username length', end: 'shortest' },
    when: { kind: 'connection', setting: 'takes usernames' },
    code: 'MIN_LENGTH',
    given: attributesWith({ min_length: 3, max_length: 20 }),
    keeps: row({ username: 'ada' }),
    breaks: [{ wrong: 'two letters where three are asked for', row: row({ username: 'al' }) }],
  }),
  rowRule({
    id: 'row.username.longest-of-all',
    says: 'No connection takes a username of more than 128 characters.',
    sources: [
      pageSays(
        'usernames',
        'you can modify the length minimum and maximum (up to a maximum length of 128 characters).',
      ),
      specified('POST /users', '"maxLength": 128'),
    ],
    path: 'username',
    check: { kind: 'longest', length: 128 },
    code: 'MAX_LENGTH',
    keeps: row({ username: 'a'.repeat(128) }),
    breaks: [{ wrong: '129 letters', row: row({ username: 'a'.repeat(129) }) }],
  }),
  rowRule({
    id: 'row.username.characters',
    says: "A username is of the letters a to z without accents, digits and @ ^ $ . ! ` - # + ' ~ _.",
    sources: [
      pageSays(
        'usernames',
        'No other characters/symbols are allowed, and Auth0 does not validate or sanitize custom database inputs.',
      ),
    ],
    path: 'username',
    check: { kind: 'pattern', pattern: "^[A-Za-z0-9@^$.!`\\-#+'~_]*$" },
    code: 'PATTERN',
    keeps: row({ username: "@ada^l$o.v!e`l-a#c+e'~_" }),
    breaks: [
      { wrong: 'an equals sign', row: row({ username: 'ada=40home' }), message: 'String does not match pattern' },
      { wrong: 'a slash', row: row({ username: 'ada/home' }) },
      { wrong: 'a colon, as in a Matrix id', row: row({ username: '@ada:example.org' }) },
      { wrong: 'an accent', row: row({ username: 'adaé' }) },
      { wrong: 'a space', row: row({ username: 'ada l' }) },
    ],
  }),
  rowRule({
    id: 'row.username.no-email-address',
    says: 'A username is not an e-mail address, unless the username attribute allows that.',
    sources: [
      pageSays('usernames', 'The at sign (@) character (but email addresses are not allowed);'),
      pageSays('attributes', '| Allow usernames in email format | `False` |'),
    ],
    path: 'username',
    check: { kind: 'pattern', pattern: '^(?![^@]+@[^@]+\\.[^@.]+$)' },
    when: { kind: 'connection', setting: 'takes no e-mail addresses as usernames' },
    code: 'PATTERN',
    keeps: row({ username: 'ada@home' }),
    breaks: [{ wrong: 'an e-mail address', row: row({ username: 'ada@example.com' }) }],
  }),
  rowRule({
    id: 'row.username.no-phone-number',
    says: 'Where usernames are an attribute, a username does not look like a phone number, unless that is allowed.',
    sources: [
      pageSays('attributes', '| Allow usernames in phone number format | `False` |'),
      inferred(pageSays('profile', 'Phone numbers must be in E.164 format')),
    ],
    path: 'username',
    check: { kind: 'pattern', pattern: '^(?!(\\+[0-9]{1,15}|[0-9]{7,15})$)' },
    when: { kind: 'connection', setting: 'takes no phone numbers as usernames' },
    code: 'PATTERN',
    given: attributesWith({ min_length: 1, max_length: 128 }),
    keeps: row({ username: 'ada1815' }),
    breaks: [
      { wrong: 'a phone number', row: row({ username: '+447700900000' }) },
      { wrong: 'the same without its plus sign', row: row({ username: '447700900000' }) },
    ],
  }),
  rowRule({
    id: 'row.username.attribute',
    says: 'A connection that takes no usernames refuses a row with one.',
    sources: [
      inferred(
        article(
          'How will existing connection behave when we turn off require username',
          'https://community.auth0.com/t/how-will-existing-connection-behave-when-we-turn-off-require-username/56017',
          'If the “Require username” flag is OFF then you cannot pass the username property in the Management API',
        ),
      ),
    ],
    path: 'username',
    check: { kind: 'absent' },
    when: { kind: 'connection', setting: 'takes no usernames' },
    code: 'NOT_PASSED',
    given: { connection: { options: { requires_username: false } } },
    keeps: row(),
    breaks: [{ wrong: 'a username', row: row({ username: 'ada' }) }],
  }),
  {
    id: 'row.username.lower-case',
    says: 'Usernames are kept in lower case.',
    sources: [
      pageSays('usernames', 'Alphanumeric characters (without accent marks, automatically converted to lowercase);'),
    ],
    keeps: {
      steps: [
        { kind: 'import', rows: [row({ user_id: 'ada', username: 'ada' })] },
        { kind: 'request', request: { method: 'GET', path: '/api/v2/users/auth0%7Cada' } },
      ],
    },
    breaks: [
      {
        wrong: 'capital letters',
        steps: [{ kind: 'import', rows: [row({ user_id: 'ada', username: 'Ada.Lovelace' })] }],
        refusal: {
          kind: 'shows',
          request: { method: 'GET', path: '/api/v2/users/auth0%7Cada' },
          status: 200,
          contains: { username: 'ada.lovelace' },
        },
      },
    ],
  },
]
