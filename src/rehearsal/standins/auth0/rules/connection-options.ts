import { CONNECTION_ATTRIBUTES_RULES } from './connection-attributes.ts'
import { ACTIVE, attributes, deployCli, optionRule } from './connection-option-rule.ts'
import { specified } from './published.ts'
import type { Rule } from './rule.ts'

const BODY = 'PATCH /connections/{id}'

const older = (username: unknown) => ({ requires_username: true, validation: { username } })

const OLDER = 'ConnectionUsernameValidationOptions'

const ofOlderLengths = (['min', 'max'] as const).flatMap((name): readonly Rule[] => {
  const path = `options.validation.username.${name}`
  const other = name === 'min' ? { max: 128 } : { min: 1 }
  return [
    optionRule(path, 'required', {
      says: `Where the lengths of usernames are given, \`${name}\` is given.`,
      source: specified(BODY, `${OLDER}: "required": ["max", "min"]`),
      check: { kind: 'required' },
      keeps: older({ min: 1, max: 128 }),
      breaks: [['the other one alone', older(other)]],
    }),
    optionRule(path, 'type', {
      says: `\`${name}\` of usernames is a whole number.`,
      source: specified(
        BODY,
        `${OLDER}: "max": {"maximum": 128, "type": "integer"}, "min": {"minimum": 1, "type": "integer"}`,
      ),
      check: { kind: 'type', is: ['integer'] },
      keeps: older({ min: 2, max: 100 }),
      breaks: [['a text', older({ ...other, [name]: '20' })]],
    }),
  ]
})

const TOGETHER = deployCli('"attributes" cannot be used with "requires_username" or "validation".')

/** What the options of a connection are held to, those of its users' fields. */
export const CONNECTION_OPTIONS_RULES: readonly Rule[] = [
  optionRule('options', 'type', {
    says: 'Options are an object.',
    source: specified(BODY, '"options": {"additionalProperties": true, "type": "object"}'),
    check: { kind: 'type', is: ['object'] },
    keeps: { requires_username: true },
    breaks: [['a list', [{ requires_username: true }]]],
  }),
  optionRule('options', 'either', {
    says: 'A connection has `attributes` or the older `validation`, not both.',
    source: TOGETHER,
    check: { kind: 'at most one of', properties: ['attributes', 'validation'] },
    keeps: attributes('username', ACTIVE),
    breaks: [['both', { ...attributes('username', ACTIVE), validation: { username: { min: 1, max: 128 } } }]],
  }),
  optionRule('options.attributes', 'without-requires_username', {
    says: 'A connection has `attributes` or the older `requires_username`, not both.',
    source: TOGETHER,
    check: { kind: 'absent' },
    when: { kind: 'field', path: 'options.requires_username', in: [true] },
    keeps: { requires_username: true },
    breaks: [['both', { ...attributes('username', ACTIVE), requires_username: true }]],
  }),
  ...CONNECTION_ATTRIBUTES_RULES,
  ...ofOlderLengths,
  optionRule('options.validation.username.min', 'least', {
    says: 'Usernames have one letter at least.',
    source: specified(BODY, `${OLDER}: "min": {"minimum": 1, "type": "integer"}`),
    check: { kind: 'least', value: 1 },
    keeps: older({ min: 1, max: 128 }),
    breaks: [['none', older({ min: 0, max: 128 })]],
  }),
  optionRule('options.validation.username.max', 'most', {
    says: 'Usernames have 128 letters at most.',
    source: specified(BODY, `${OLDER}: "max": {"maximum": 128, "type": "integer"}`),
    check: { kind: 'most', value: 128 },
    keeps: older({ min: 1, max: 128 }),
    breaks: [['one more', older({ min: 1, max: 129 })]],
  }),
]
