import { INVALID_FORMAT_SEEN, pageSays } from './pages.ts'
import { article, inferred } from './published.ts'
import { FLEXIBLE, row, rowRule } from './row-rule.ts'
import type { Given, Rule } from './rule.ts'

const REQUIRED_ATTRIBUTES: Given = {
  connection: {
    options: {
      attributes: {
        email: { identifier: { active: true }, profile_required: true },
        username: {
          identifier: { active: true },
          profile_required: true,
          validation: { min_length: 1, max_length: 128 },
        },
        phone_number: { identifier: { active: true }, profile_required: true },
      },
    },
  },
}

const EVERYTHING = row({ username: 'ada', phone_number: '+12125550001' })

/** E-mail addresses and phone numbers of rows, and which of them a connection asks for. */
export const IDENTIFIER_RULES: readonly Rule[] = [
  rowRule({
    id: 'row.email.required',
    says: 'A row has an e-mail address, unless the e-mail attribute of the connection is off or not required.',
    sources: [
      pageSays('schema', '<ResponseField name="email" type="string" required>'),
      pageSays(
        'attributes',
        'Requires email to be present across all operations that create or update a user profile on this connection.',
      ),
    ],
    path: 'email',
    check: { kind: 'required' },
    when: { kind: 'connection', setting: 'requires e-mail' },
    code: 'OBJECT_REQUIRED',
    keeps: row(),
    breaks: [
      { wrong: 'a username only', row: { username: 'ada' }, message: 'Missing required property: email' },
      {
        wrong: 'everything else, where the attribute is required',
        row: { username: 'ada', phone_number: '+12125550001' },
        given: REQUIRED_ATTRIBUTES,
      },
    ],
  }),
  rowRule({
    id: 'row.username.required',
    says: 'Where the username attribute is required on the profile, a row has a username.',
    sources: [
      pageSays(
        'attributes',
        'Requires username to be present across all operations that create or update a user profile on this connection.',
      ),
    ],
    path: 'username',
    check: { kind: 'required' },
    when: { kind: 'connection', setting: 'requires username' },
    code: 'OBJECT_REQUIRED',
    given: REQUIRED_ATTRIBUTES,
    keeps: EVERYTHING,
    breaks: [{ wrong: 'no username', row: row({ phone_number: '+12125550001' }) }],
  }),
  rowRule({
    id: 'row.phone_number.required',
    says: 'Where the phone attribute is required on the profile, a row has a phone number.',
    sources: [
      pageSays(
        'attributes',
        'Requires phone to be present across all operations that create or update a user profile on this connection.',
      ),
    ],
    path: 'phone_number',
    check: { kind: 'required' },
    when: { kind: 'connection', setting: 'requires phone number' },
    code: 'OBJECT_REQUIRED',
    given: REQUIRED_ATTRIBUTES,
    keeps: EVERYTHING,
    breaks: [{ wrong: 'no phone number', row: row({ username: 'ada' }) }],
  }),
  rowRule({
    id: 'row.identifier',
    says: 'A row has at least one of e-mail address, username and phone number, whatever the connection requires.',
    sources: [
      inferred(pageSays('imports', '* `ANY_OF_MISSING`')),
      inferred(
        pageSays(
          'flexible identifiers',
          'A **Flexible Identifier** is the attribute a user inputs on a login screen to authenticate themselves.',
        ),
      ),
    ],
    path: '',
    check: { kind: 'at least one of', properties: ['email', 'username', 'phone_number'] },
    code: 'ANY_OF_MISSING',
    given: FLEXIBLE,
    keeps: { username: 'ada' },
    breaks: [{ wrong: 'a name only', row: { name: 'Ada Lovelace' } }],
  }),
  rowRule({
    id: 'row.email.format',
    says: '`email` is an e-mail address, with a domain that has a dot.',
    sources: [
      pageSays('schema', '"format": "email"'),
      INVALID_FORMAT_SEEN,
      inferred(pageSays('imports', '* `FORMAT`')),
      inferred(pageSays('profile', 'This value is validated by the [JSON validation schema]')),
    ],
    path: 'email',
    check: { kind: 'format', format: 'e-mail' },
    code: 'INVALID_FORMAT',
    keeps: row({ email: "o'hara+tag@mail.example.org" }),
    breaks: [
      {
        wrong: 'no domain',
        row: row({ email: 'ada@' }),
        message: "Object didn't pass validation for format email: ada@",
      },
      { wrong: 'a host without a dot', row: row({ email: 'ada@localhost' }) },
      { wrong: 'two dots in a row', row: row({ email: 'ada..l@example.com' }) },
      { wrong: 'white space', row: row({ email: 'ada l@example.com' }) },
      { wrong: 'empty', row: row({ email: '' }) },
    ],
  }),
  rowRule({
    id: 'row.email.local-part',
    says: 'What comes before the @ has at most 64 characters.',
    sources: [pageSays('profile', 'The maximum length is 64 characters for the user/local part.')],
    path: 'email',
    check: { kind: 'pattern', pattern: '^[^@]{0,64}(@|$)' },
    code: 'PATTERN',
    keeps: row({ email: `${'a'.repeat(64)}@example.com` }),
    breaks: [{ wrong: 'one more', row: row({ email: `${'a'.repeat(65)}@example.com` }) }],
  }),
  rowRule({
    id: 'row.email.longest',
    says: 'An e-mail address has at most 254 characters.',
    sources: [
      pageSays(
        'profile',
        'The total email address (local part, `@`, and domain combined) cannot exceed 254 characters.',
      ),
    ],
    path: 'email',
    check: { kind: 'longest', length: 254 },
    code: 'MAX_LENGTH',
    keeps: row({ email: `ada@${`${'d'.repeat(60)}.`.repeat(4)}museum` }),
    breaks: [{ wrong: 'one more', row: row({ email: `ada@${`${'d'.repeat(60)}.`.repeat(4)}museums` }) }],
  }),
  {
    id: 'row.email.lower-case',
    says: 'E-mail addresses are kept in lower case.',
    sources: [
      pageSays(
        'profile',
        'For Auth0 database connections, all characters are converted to lowercase when saved to the user profile.',
      ),
    ],
    keeps: {
      steps: [
        { kind: 'import', rows: [row({ user_id: 'ada' })] },
        { kind: 'request', request: { method: 'GET', path: '/api/v2/users/auth0%7Cada' } },
      ],
    },
    breaks: [
      {
        wrong: 'capital letters',
        steps: [{ kind: 'import', rows: [row({ user_id: 'ada', email: 'Ada@Example.COM' })] }],
        refusal: {
          kind: 'shows',
          request: { method: 'GET', path: '/api/v2/users/auth0%7Cada' },
          status: 200,
          contains: { email: 'ada@example.com' },
        },
      },
    ],
  },
  rowRule({
    id: 'row.phone_number.pattern',
    says: '`phone_number` is a plus sign and up to 15 digits.',
    sources: [
      pageSays(
        'profile',
        'Phone numbers must be in E.164 format and are validated against the regular expression `^\\+[0-9]{1,15}$`.',
      ),
    ],
    path: 'phone_number',
    check: { kind: 'pattern', pattern: '^\\+[0-9]{1,15}$' },
    code: 'PATTERN',
    given: FLEXIBLE,
    keeps: row({ phone_number: '+447700900000' }),
    breaks: [
      { wrong: 'no plus sign, as Synapse keeps it', row: row({ phone_number: '447700900000' }) },
      { wrong: '16 digits', row: row({ phone_number: '+1234567890123456' }) },
      { wrong: 'spaces', row: row({ phone_number: '+44 7700 900000' }) },
    ],
  }),
  rowRule({
    id: 'row.phone_number.attribute',
    says: 'A connection without the phone attribute takes no phone number. With it an import does, by one page; by another no import does (canary).',
    sources: [
      pageSays('schema', '<ResponseField name="phone_number" type="string">'),
      inferred(pageSays('profile', "The user's phone number. Only valid for users with SMS connections.")),
      pageSays('profile', '<ResponseField name="phone_number" type="string" post={["search", "update", "export"]}>'),
      inferred(
        article(
          'Error Creating a User With the Phone Number Attribute Via the Management API',
          'https://community.auth0.com/t/error-creating-a-user-with-the-phone-number-attribute-via-the-management-api/189868',
          'attribute is an identifier that must be explicitly enabled on the database connection before it can be used during user creation.',
        ),
      ),
    ],
    path: 'phone_number',
    check: { kind: 'absent' },
    when: { kind: 'connection', setting: 'takes no phone numbers' },
    code: 'NOT_PASSED',
    keeps: row({ username: 'ada' }),
    breaks: [{ wrong: 'a phone number', row: row({ phone_number: '+12125550001' }) }],
  }),
]
