import { ACTIVE, attributes, deployCli, optionRule } from './connection-option-rule.ts'
import { documented, specified } from './published.ts'
import { eachOf, patching, refused } from './requests.ts'
import type { Rule } from './rule.ts'

const BODY = 'PATCH /connections/{id}'
const PATH = '/api/v2/connections/{connection}'

const INACTIVE = { identifier: { active: false } }

const ATTRIBUTES = ['email', 'phone_number', 'username'] as const

const PROPERTIES = {
  email: ['identifier', 'profile_required', 'signup', 'unique', 'verification_method'],
  phone_number: ['identifier', 'profile_required', 'signup'],
  username: ['identifier', 'profile_required', 'signup', 'validation'],
} as const

const SCHEMAS = { email: 'EmailAttribute', phone_number: 'PhoneAttribute', username: 'UsernameAttribute' } as const

const ofEach = ATTRIBUTES.flatMap((name): readonly Rule[] => {
  const path = `options.attributes.${name}`
  const of = PROPERTIES[name]
  const schema = SCHEMAS[name]
  return [
    optionRule(path, 'only', {
      says: `The attribute \`${name}\` has ${of.map((property) => `\`${property}\``).join(', ')}, and nothing else.`,
      source: specified(
        BODY,
        `${schema}: "additionalProperties": false, "properties": {${of.map((property) => `"${property}"`).join(', ')}}`,
      ),
      check: { kind: 'only', properties: of },
      keeps: attributes(name, ACTIVE),
      breaks: [['a property of ours', attributes(name, { ...ACTIVE, required: true })]],
    }),
    optionRule(`${path}.identifier`, 'only', {
      says: `As an identifier \`${name}\` has \`active\` and \`default_method\`, and nothing else.`,
      source: specified(
        BODY,
        'ConnectionAttributeIdentifier: "additionalProperties": false, "properties": {"active", "default_method"}',
      ),
      check: { kind: 'only', properties: ['active', 'default_method'] },
      keeps: attributes(name, ACTIVE),
      breaks: [['a property of ours', attributes(name, { identifier: { active: true, enabled: true } })]],
    }),
    optionRule(`${path}.identifier.active`, 'type', {
      says: `Whether people are known by \`${name}\` is true or false.`,
      source: specified(BODY, 'ConnectionAttributeIdentifier: "active": {"type": "boolean"}'),
      check: { kind: 'type', is: ['boolean'] },
      keeps: attributes(name, { identifier: { active: false } }),
      breaks: [['a text', attributes(name, { identifier: { active: 'true' } })]],
    }),
    optionRule(`${path}.profile_required`, 'type', {
      says: `Whether everybody needs \`${name}\` is true or false.`,
      source: specified(BODY, `${schema}: "profile_required": {"type": "boolean"}`),
      check: { kind: 'type', is: ['boolean'] },
      keeps: attributes(name, { ...ACTIVE, profile_required: false }),
      breaks: [['a text', attributes(name, { ...ACTIVE, profile_required: 'no' })]],
    }),
    optionRule(`${path}.signup.status`, 'one-of', {
      says: `\`${name}\` is \`required\`, \`optional\` or \`inactive\` where somebody signs up.`,
      source: specified(BODY, 'SignupStatusEnum: "enum": ["required", "optional", "inactive"]'),
      check: { kind: 'one of', values: ['required', 'optional', 'inactive'] },
      keeps: attributes(name, { ...ACTIVE, signup: { status: 'optional' } }),
      breaks: [['another word', attributes(name, { ...ACTIVE, signup: { status: 'off' } })]],
    }),
  ]
})

const LENGTHS = ['min_length', 'max_length'] as const

const ofLengths = LENGTHS.flatMap((name): readonly Rule[] => {
  const path = `options.attributes.username.validation.${name}`
  const source = specified(BODY, `UsernameValidation: "${name}": {"maximum": 128, "minimum": 1, "type": "number"}`)
  const validated = (value: unknown) => attributes('username', { ...ACTIVE, validation: { [name]: value } })
  return [
    optionRule(path, 'type', {
      says: `\`${name}\` of usernames is a number.`,
      source,
      check: { kind: 'type', is: ['number'] },
      keeps: validated(20),
      breaks: [['a text', validated('20')]],
    }),
    optionRule(path, 'least', {
      says: `\`${name}\` of usernames is 1 or more.`,
      source,
      check: { kind: 'least', value: 1 },
      keeps: validated(1),
      breaks: [['none', validated(0)]],
    }),
    optionRule(path, 'most', {
      says: `\`${name}\` of usernames is 128 or less.`,
      source,
      check: { kind: 'most', value: 128 },
      keeps: validated(128),
      breaks: [['one more', validated(129)]],
    }),
  ]
})

/** What the attributes of flexible identifiers are held to. */
export const CONNECTION_ATTRIBUTES_RULES: readonly Rule[] = [
  optionRule('options.attributes', 'only', {
    says: 'Attributes are `email`, `phone_number` and `username`.',
    source: specified(
      BODY,
      'ConnectionAttributes: "additionalProperties": false, "properties": {"email", "phone_number", "username"}',
    ),
    check: { kind: 'only', properties: ATTRIBUTES },
    keeps: attributes('phone_number', ACTIVE),
    breaks: [['another', { attributes: { username: ACTIVE, nickname: ACTIVE } }]],
  }),
  optionRule('options.attributes', 'some', {
    says: 'There is one attribute at least.',
    source: specified(BODY, 'ConnectionAttributes: "minProperties": 1'),
    check: { kind: 'at least one of', properties: ATTRIBUTES },
    keeps: { attributes: { email: ACTIVE } },
    breaks: [['none', { attributes: {} }]],
  }),
  ...ofEach,
  optionRule('options.attributes.email.unique', 'type', {
    says: 'Whether every e-mail address is of one person only is true or false.',
    source: specified(BODY, 'EmailAttribute: "unique": {"type": "boolean"}'),
    check: { kind: 'type', is: ['boolean'] },
    keeps: attributes('email', { ...ACTIVE, unique: true }),
    breaks: [['a text', attributes('email', { ...ACTIVE, unique: 'yes' })]],
  }),
  optionRule('options.attributes.email.identifier.active', 'unique', {
    says: 'E-mail addresses that several people share identify nobody.',
    source: deployCli('Cannot set email.identifier.active to true when email.unique is false.'),
    check: { kind: 'one of', values: [false] },
    when: { kind: 'field', path: 'options.attributes.email.unique', in: [false] },
    keeps: attributes('email', { identifier: { active: false }, unique: false }),
    breaks: [['both', attributes('email', { ...ACTIVE, unique: false })]],
  }),
  optionRule('options.attributes.username.validation', 'only', {
    says: 'What usernames are held to are `allowed_types`, `max_length` and `min_length`.',
    source: specified(
      BODY,
      'UsernameValidation: "additionalProperties": false, "properties": {"allowed_types", "max_length", "min_length"}',
    ),
    check: { kind: 'only', properties: ['allowed_types', 'max_length', 'min_length'] },
    keeps: attributes('username', { ...ACTIVE, validation: { min_length: 1, max_length: 128 } }),
    breaks: [['the older names', attributes('username', { ...ACTIVE, validation: { min: 1, max: 128 } })]],
  }),
  ...ofLengths,
  {
    id: 'connections.options.attributes.identified',
    says: 'Of the attributes of a connection one at least can be logged in with.',
    sources: [
      documented('sharedEmails', 'Ensure at least one attribute is set as an active identifier.'),
      deployCli('At least one identifier must be active.'),
    ],
    keeps: { steps: [patching(PATH, { options: { attributes: { email: INACTIVE, username: ACTIVE } } })] },
    breaks: eachOf(
      [
        { email: INACTIVE, username: INACTIVE },
        { email: {}, username: {} },
      ],
      (none) => ({
        wrong: JSON.stringify(none),
        steps: [patching(PATH, { options: { attributes: none } })],
        refusal: refused(400, 'invalid_body'),
      }),
    ),
  },
]
