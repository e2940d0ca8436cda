import { FORBIDDEN_ATTRIBUTE, pageSays } from './pages.ts'
import { inferred, specified } from './published.ts'
import { TYPED_FIELDS, type TypedField } from './row-fields.ts'
import { FLEXIBLE, row, rowRule } from './row-rule.ts'
import type { FieldType, Rule } from './rule.ts'

const ARTICLE: Readonly<Record<FieldType, string>> = {
  string: 'a text',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  object: 'an object',
  array: 'a list',
}

const typeRule = ({ field, at = field, is, quote, good, bad }: TypedField): Rule =>
  rowRule({
    id: `row.${field}.type`,
    says: `\`${field}\` is ${ARTICLE[is]}.`,
    sources: [pageSays('schema', quote)],
    path: field,
    at,
    check: { kind: 'type', is: [is] },
    code: 'INVALID_TYPE',
    given: FLEXIBLE,
    keeps: row({ [field]: good }),
    breaks: [
      { wrong: `\`${field}\` is something else`, row: row({ [field]: bad }), message: `Expected type ${is} but found` },
    ],
  })

/** What a row of an import file is made of. */
export const IMPORT_ROW_RULES: readonly Rule[] = [
  rowRule({
    id: 'row.properties',
    says: 'A row has no other properties than those of the schema.',
    sources: [pageSays('schema', '"additionalProperties": false'), FORBIDDEN_ATTRIBUTE],
    path: '',
    check: { kind: 'only', properties: TYPED_FIELDS.map(({ field }) => field) },
    code: 'NOT_PASSED',
    keeps: row({ name: 'Ada Lovelace' }),
    breaks: [
      { wrong: 'a property of an export', row: row({ created_at: '2020-01-01T00:00:00.000Z' }) },
      { wrong: 'a password in clear', row: row({ password: 'correct horse' }) },
      { wrong: 'a name in other letters', row: row({ emailVerified: true }) },
    ],
  }),
  ...TYPED_FIELDS.map(typeRule),
  ...(
    [
      ['given_name', 150, 'The length can be 1-150 characters and it can contain any UTF-8 character.'],
      ['family_name', 150, 'The length can be 1-150 characters and it can contain any UTF-8 character.'],
      ['name', 150, 'The length can be 1-150 characters and it can contain any UTF-8 character.'],
      ['nickname', 350, 'The length can be 1-350 characters and it can contain any UTF-8 character.'],
    ] as const
  ).flatMap(([field, length, quote]) => [
    rowRule({
      id: `row.${field}.shortest`,
      says: `\`${field}\` is not empty.`,
      sources: [pageSays('profile', quote)],
      path: field,
      check: { kind: 'shortest', length: 1 },
      code: 'MIN_LENGTH',
      keeps: row({ [field]: 'A' }),
      breaks: [{ wrong: 'it is empty', row: row({ [field]: '' }), message: 'String is too short' }],
    }),
    rowRule({
      id: `row.${field}.longest`,
      says: `\`${field}\` has at most ${length} characters.`,
      sources: [pageSays('profile', quote)],
      path: field,
      check: { kind: 'longest', length },
      code: 'MAX_LENGTH',
      keeps: row({ [field]: 'é'.repeat(length) }),
      breaks: [
        { wrong: 'one character more', row: row({ [field]: 'é'.repeat(length + 1) }), message: 'String is too long' },
      ],
    }),
  ]),
  rowRule({
    id: 'row.picture.format',
    says: '`picture` is a URL.',
    sources: [
      pageSays('schema', '"description": "URL pointing to the user\'s profile picture."'),
      inferred(specified('POST /users', '"format": "strict-uri"')),
    ],
    path: 'picture',
    check: { kind: 'format', format: 'URI' },
    code: 'INVALID_FORMAT',
    keeps: row({ picture: 'https://example.com/ada.png' }),
    breaks: [{ wrong: 'no scheme', row: row({ picture: 'ada.png' }) }],
  }),
  rowRule({
    id: 'row.user_id.longest',
    says: '`user_id` has at most 255 characters.',
    sources: [inferred(specified('POST /users', '"maxLength": 255'))],
    path: 'user_id',
    check: { kind: 'longest', length: 255 },
    code: 'MAX_LENGTH',
    keeps: row({ user_id: 'a'.repeat(255) }),
    breaks: [{ wrong: 'one more', row: row({ user_id: 'a'.repeat(256) }) }],
  }),
  rowRule({
    id: 'row.user_id.characters',
    says: '`user_id` has no white space.',
    sources: [inferred(specified('POST /users', '"pattern": "^\\\\S*$"'))],
    path: 'user_id',
    check: { kind: 'pattern', pattern: '^\\S*$' },
    code: 'PATTERN',
    keeps: row({ user_id: '@ada:example.org' }),
    breaks: [{ wrong: 'a space in it', row: row({ user_id: 'ada lovelace' }) }],
  }),
  {
    id: 'row.user_id.prefix',
    says: 'The prefix `auth0|` is put before the `user_id` of a row, also before one that has it.',
    sources: [
      pageSays('schema', "The user's unique identifier. This is prepended by the connection strategy."),
      pageSays('imports', 'Otherwise, the user IDs will have the prefix twice (`auth0|auth0|<user_id>`).'),
    ],
    keeps: {
      steps: [
        { kind: 'import', rows: [row({ user_id: 'ada' })] },
        { kind: 'request', request: { method: 'GET', path: '/api/v2/users/auth0%7Cada' } },
      ],
    },
    breaks: [
      {
        wrong: 'it has the prefix already',
        steps: [{ kind: 'import', rows: [row({ user_id: 'auth0|ada' })] }],
        refusal: {
          kind: 'shows',
          request: { method: 'GET', path: '/api/v2/users/auth0%7Cauth0%7Cada' },
          status: 200,
          contains: { user_id: 'auth0|auth0|ada' },
        },
      },
    ],
  },
]
