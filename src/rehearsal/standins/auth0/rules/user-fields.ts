import { ANN } from './examples.ts'
import { specified } from './published.ts'
import { ANN_PATH, ANN_THERE, eachOf, patching, posting, refused } from './requests.ts'
import type { Check, Condition, Rule, Shape, Source, Step } from './rule.ts'
import { says } from './users-published.ts'

type Wrong = readonly [value: unknown, inWords: string]

interface Field {
  /** Of the body. */
  readonly path: string
  readonly check: Check
  readonly says: string
  /** Of the specification; of a changed user it may say more. */
  readonly quote: string
  readonly quoteOfChanged?: string
  /** In place of the specification. */
  readonly source?: Source
  readonly wrong: readonly [Wrong, ...Wrong[]]
  readonly right: unknown
  readonly when?: Condition
}

const TOO_LONG = (length: number): string => 'x'.repeat(length + 1)

const typed = (path: string, type: 'string' | 'boolean' | 'object', right: unknown, wrong: unknown): Field => ({
  path,
  check: { kind: 'type', is: [type] },
  says: `\`${path}\` is ${type === 'object' ? 'an object' : `a ${type}`}.`,
  quote: `"${path}": {"type": "${type}"`,
  wrong: [[wrong, `${JSON.stringify(wrong)} instead`]],
  right,
})

/** Of a changed user it may be null too, which takes it away. */
const unsettable = (path: string, right: unknown, wrong: unknown): Field => ({
  ...typed(path, 'string', right, wrong),
  quoteOfChanged: '"type": ["string", "null"]',
})

const longest = (path: string, length: number): Field => ({
  path,
  check: { kind: 'longest', length },
  says: `\`${path}\` has ${length} characters at most.`,
  quote: `"${path}": {"maxLength": ${length}`,
  wrong: [[TOO_LONG(length), `${length + 1} characters`]],
  right: 'x'.repeat(length),
})

const notEmpty = (path: string): Field => ({
  path,
  check: { kind: 'shortest', length: 1 },
  says: `\`${path}\` is not empty.`,
  quote: `"${path}": {"minLength": 1`,
  wrong: [['', 'an empty text']],
  right: 'x'.repeat(12),
})

/** Of new and of changed users alike. */
const FIELDS: readonly Field[] = [
  unsettable('email', 'new@example.org', 7),
  {
    path: 'email',
    check: { kind: 'format', format: 'e-mail' },
    says: '`email` is an e-mail address.',
    quote: '"email": {"format": "email"',
    wrong: [
      ['no address', 'a text without @'],
      ['two@at@example.org', 'two @'],
    ],
    right: 'new@example.org',
  },
  typed('email_verified', 'boolean', false, 'true'),
  unsettable('phone_number', '+4930123456', 4930),
  {
    path: 'phone_number',
    check: { kind: 'pattern', pattern: '^\\+[0-9]{1,15}$' },
    says: '`phone_number` is + and 1 to 15 digits.',
    quote: '"phone_number": {"pattern": "^\\\\+[0-9]{1,15}$"',
    wrong: [
      ['4930123456', 'no +'],
      ['+49 30 123', 'spaces'],
      ['+1234567890123456', '16 digits'],
    ],
    right: '+4930123456',
  },
  typed('phone_verified', 'boolean', true, 1),
  unsettable('username', 'somebody', 7),
  longest('username', 128),
  notEmpty('username'),
  ...(['given_name', 'family_name'] as const).flatMap((path) => [
    unsettable(path, 'Ann', 7),
    longest(path, 150),
    notEmpty(path),
  ]),
  ...(['name', 'nickname'] as const).flatMap((path) => [
    unsettable(path, 'Ann', 7),
    longest(path, 300),
    notEmpty(path),
  ]),
  unsettable('picture', 'https://example.org/ann.png', 7),
  {
    path: 'picture',
    check: { kind: 'format', format: 'URI' },
    says: '`picture` is a URI.',
    quote: '"picture": {"format": "strict-uri"',
    wrong: [['ann.png', 'a file name']],
    right: 'https://example.org/ann.png',
  },
  typed('blocked', 'boolean', true, 'yes'),
  typed('verify_email', 'boolean', false, 'no'),
  typed('app_metadata', 'object', { plan: 'gold' }, 'gold'),
  typed('user_metadata', 'object', { colour: 'green' }, ['green']),
  unsettable('password', 'Correct-horse-9', 123_456_789),
  notEmpty('password'),
  {
    path: 'password',
    check: { kind: 'pattern', pattern: '^[!-~]*$' },
    says: 'A password that is set has letters of ASCII from ! to ~ alone: no space, and none with an accent.',
    quote: '',
    source: says('profile', 'Passwords support ASCII characters in the range of 33-126.'),
    wrong: [
      ['Correct horse 9', 'spaces'],
      ['Correct-hörse-9', 'an ö'],
    ],
    right: '!Correct-horse-9~',
  },
  {
    path: 'password',
    check: { kind: 'longest', length: 72 },
    says: 'A password that is set has 72 bytes at most.',
    quote: '',
    source: says('profile', 'The minimum password length you can set is 1 byte, while the maximum is 72 bytes.'),
    wrong: [[`Aa1-${'x'.repeat(69)}`, '73 bytes']],
    right: `Aa1-${'x'.repeat(68)}`,
  },
]

const NEW_PROPERTIES = [...new Set(FIELDS.map(({ path }) => path)), 'connection', 'user_id'] as const

const OF_NEW: readonly Field[] = [
  {
    path: '',
    check: { kind: 'only', properties: NEW_PROPERTIES },
    says: 'A new user has no other properties than those of the specification.',
    quote: '"additionalProperties": false',
    wrong: [
      [{ password_hash: 'x' }, 'a hash'],
      [{ custom_password_hash: {} }, 'a custom hash'],
      [{ identities: [] }, 'identities'],
    ],
    right: {},
  },
  {
    path: 'connection',
    check: { kind: 'required' },
    says: 'A new user is of a connection.',
    quote: '"required": ["connection"]',
    wrong: [[undefined, 'none']],
    right: '{connection name}',
  },
  typed('connection', 'string', '{connection name}', 7),
  typed('user_id', 'string', 'new', 7),
  longest('user_id', 255),
  {
    path: 'user_id',
    check: { kind: 'pattern', pattern: '^\\S*$' },
    says: '`user_id` has no white space.',
    quote: '"user_id": {"maxLength": 255, "pattern": "^\\\\S*$"',
    wrong: [['a b', 'a space']],
    right: 'a-b',
  },
  {
    path: 'email',
    check: { kind: 'required' },
    says: 'A new user has an e-mail address where the connection asks for one.',
    quote: 'other parameters such as `email` and `password` are dependent upon the type of connection',
    wrong: [[undefined, 'none']],
    right: 'new@example.org',
    when: { kind: 'connection', setting: 'requires e-mail' },
  },
  {
    path: 'password',
    check: { kind: 'required' },
    says: 'A new user of a database connection has a password.',
    quote: 'other parameters such as `email` and `password` are dependent upon the type of connection',
    wrong: [[undefined, 'none']],
    right: 'Correct-horse-9',
  },
]

const BASE = { ...ANN, connection: '{connection name}', password: 'Correct-horse-9' }

const bodyWith = (path: string, value: unknown): Readonly<Record<string, unknown>> => {
  if (path === '' && typeof value === 'object' && value !== null) return { ...BASE, ...value }
  const { [path]: _, ...others }: Readonly<Record<string, unknown>> = BASE
  return value === undefined ? others : { ...others, [path]: value }
}

const PHONES = {
  connection: {
    options: {
      attributes: {
        email: { identifier: { active: true } },
        username: { identifier: { active: true }, validation: { min_length: 1, max_length: 128 } },
        phone_number: { identifier: { active: true }, profile_required: false },
      },
    },
  },
} as const

/** Not all connections take phone numbers, nor usernames of that length. */
const givenFor = ({ path }: Field) => (path.startsWith('phone') ? PHONES : {})

const trying = (of: Shape, path: string, value: unknown): Step =>
  of === 'new user' ? posting('/api/v2/users', bodyWith(path, value)) : patching(ANN_PATH, { [path]: value })

const checkName = ({ check }: Field): string =>
  'length' in check || check.kind === 'only' ? check.kind : check.kind.replaceAll(' ', '-')

const sourceOf = (of: 'new user' | 'changed user', { quote, quoteOfChanged = quote, source }: Field): Source =>
  source ?? (of === 'new user' ? specified('POST /users', quote) : specified('PATCH /users/{id}', quoteOfChanged))

const ruleOf =
  (of: 'new user' | 'changed user') =>
  (field: Field): Rule => {
    const given = { ...givenFor(field), ...(of === 'changed user' ? ANN_THERE : {}) }
    return {
      id: `users.${of === 'new user' ? 'create' : 'update'}.${field.path === '' ? 'body' : field.path}.${checkName(field)}`,
      says: field.says,
      sources: [sourceOf(of, field)],
      field: {
        of,
        path: field.path,
        check: field.check,
        code: 'invalid_body',
        ...(field.when === undefined ? {} : { when: field.when }),
      },
      keeps: { given, steps: [trying(of, field.path, field.right)] },
      breaks: eachOf(field.wrong, ([value, wrong]) => ({
        wrong,
        given,
        steps: [trying(of, field.path, value)],
        refusal: refused(400, 'invalid_body'),
      })),
    }
  }

/** The fields of `POST /users` and `PATCH /users/{id}`. A changed user may have null for what goes; that is taken out before. */
export const USER_FIELDS_RULES: readonly Rule[] = [
  ...[...OF_NEW, ...FIELDS].map(ruleOf('new user')),
  ...FIELDS.map(ruleOf('changed user')),
]
