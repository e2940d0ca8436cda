import { INVALID_FORMAT_SEEN, pageSays } from './pages.ts'
import { inferred } from './published.ts'
import { type BrokenRow, row, rowRule } from './row-rule.ts'
import type { Check, Rule, Source } from './rule.ts'

const TOTP = { totp: { secret: 'JBTWY3DPEHPK3PNP' } }
const PHONE = { phone: { value: '+12125550001' } }
const EMAIL = { email: { value: 'ada@example.org' } }

interface FactorRule {
  readonly id: string
  readonly says: string
  readonly sources: readonly [Source, ...Source[]]
  /** Below mfa_factors. */
  readonly path: string
  readonly check: Check
  readonly code: string
  readonly keeps: readonly unknown[]
  readonly wrong: string
  readonly breaks: readonly unknown[]
}

const factorRule = ({ id, path, keeps, wrong, breaks, ...rule }: FactorRule): Rule => {
  const broken: BrokenRow = { wrong, row: row({ mfa_factors: breaks }) }
  return rowRule({
    ...rule,
    id: `row.mfa_factors.${id}`,
    path: `mfa_factors${path}`,
    keeps: row({ mfa_factors: keeps }),
    breaks: [broken],
  })
}

const NOTHING_ELSE = '"additionalProperties": false'

/** What each kind of factor is made of. */
const kindRules = (kind: 'totp' | 'phone' | 'email', part: 'secret' | 'value', example: unknown): readonly Rule[] => [
  factorRule({
    id: `${kind}.type`,
    says: `\`${kind}\` is an object.`,
    sources: [pageSays('schema', `<ResponseField name="${kind}" type="object">`)],
    path: `[].${kind}`,
    check: { kind: 'type', is: ['object'] },
    code: 'INVALID_TYPE',
    keeps: [example],
    wrong: 'a text',
    breaks: [{ [kind]: 'JBTWY3DPEHPK3PNP' }],
  }),
  factorRule({
    id: `${kind}.properties`,
    says: `\`${kind}\` has \`${part}\` and nothing else.`,
    sources: [pageSays('schema', NOTHING_ELSE)],
    path: `[].${kind}`,
    check: { kind: 'only', properties: [part] },
    code: 'NOT_PASSED',
    keeps: [example],
    wrong: 'a name too',
    breaks: [{ [kind]: { ...partOf(example, kind), name: 'mine' } }],
  }),
  factorRule({
    id: `${kind}.${part}.required`,
    says: `\`${kind}\` has \`${part}\`.`,
    sources: [pageSays('schema', `<ResponseField name="${kind}.${part}" type="string" required>`)],
    path: `[].${kind}.${part}`,
    check: { kind: 'required' },
    code: 'OBJECT_REQUIRED',
    keeps: [example],
    wrong: 'nothing in it',
    breaks: [{ [kind]: {} }],
  }),
  factorRule({
    id: `${kind}.${part}.type`,
    says: `\`${kind}.${part}\` is a text.`,
    sources: [pageSays('schema', `<ResponseField name="${kind}.${part}" type="string" required>`)],
    path: `[].${kind}.${part}`,
    check: { kind: 'type', is: ['string'] },
    code: 'INVALID_TYPE',
    keeps: [example],
    wrong: 'a number',
    breaks: [{ [kind]: { [part]: 7 } }],
  }),
]

const partOf = (example: unknown, kind: string): object => {
  const found: unknown = typeof example === 'object' && example !== null ? Reflect.get(example, kind) : undefined
  return typeof found === 'object' && found !== null ? found : {}
}

/** Second factors that come with a row. */
export const MFA_FACTORS_RULES: readonly Rule[] = [
  factorRule({
    id: 'shortest',
    says: 'The list of factors is not empty.',
    sources: [pageSays('schema', '"minItems": 1')],
    path: '',
    check: { kind: 'shortest', length: 1 },
    code: 'ARRAY_LENGTH_SHORT',
    keeps: [TOTP],
    wrong: 'an empty list',
    breaks: [],
  }),
  factorRule({
    id: 'longest',
    says: 'There are at most ten factors.',
    sources: [pageSays('schema', '"maxItems": 10')],
    path: '',
    check: { kind: 'longest', length: 10 },
    code: 'ARRAY_LENGTH_LONG',
    keeps: Array.from({ length: 10 }, () => PHONE),
    wrong: 'eleven',
    breaks: Array.from({ length: 11 }, () => PHONE),
  }),
  factorRule({
    id: 'item.type',
    says: 'A factor is an object.',
    sources: [inferred(pageSays('schema', 'The supported enrollment factors are email, SMS, and TOTP.'))],
    path: '[]',
    check: { kind: 'type', is: ['object'] },
    code: 'INVALID_TYPE',
    keeps: [TOTP],
    wrong: 'a text',
    breaks: ['totp'],
  }),
  factorRule({
    id: 'item.kinds',
    says: 'A factor is a TOTP, a phone or an e-mail address.',
    sources: [pageSays('schema', 'The supported enrollment factors are email, SMS, and TOTP.')],
    path: '[]',
    check: { kind: 'only', properties: ['totp', 'phone', 'email'] },
    code: 'NOT_PASSED',
    keeps: [EMAIL],
    wrong: 'a passkey',
    breaks: [{ webauthn: { id: 'key' } }],
  }),
  factorRule({
    id: 'item.one',
    says: 'A factor is one of them, not two at once.',
    sources: [pageSays('schema', '"maxProperties": 1')],
    path: '[]',
    check: { kind: 'at most one of', properties: ['totp', 'phone', 'email'] },
    code: 'NOT_PASSED',
    keeps: [TOTP, PHONE, EMAIL],
    wrong: 'two in one',
    breaks: [{ ...TOTP, ...PHONE }],
  }),
  ...kindRules('totp', 'secret', TOTP),
  ...kindRules('phone', 'value', PHONE),
  ...kindRules('email', 'value', EMAIL),
  factorRule({
    id: 'totp.secret.pattern',
    says: 'The secret of a TOTP is Base32 without padding.',
    sources: [pageSays('schema', '"pattern": "^[A-Z2-7]+$"')],
    path: '[].totp.secret',
    check: { kind: 'pattern', pattern: '^[A-Z2-7]+$' },
    code: 'PATTERN',
    keeps: [TOTP],
    wrong: 'padded',
    breaks: [{ totp: { secret: 'JBTWY3DPEE======' } }],
  }),
  factorRule({
    id: 'phone.value.pattern',
    says: 'The number of a phone is a plus sign and up to 15 digits.',
    sources: [pageSays('schema', '"pattern": "^\\\\+[0-9]{1,15}$"')],
    path: '[].phone.value',
    check: { kind: 'pattern', pattern: '^\\+[0-9]{1,15}$' },
    code: 'PATTERN',
    keeps: [PHONE],
    wrong: 'no plus sign',
    breaks: [{ phone: { value: '12125550001' } }],
  }),
  factorRule({
    id: 'email.value.format',
    says: 'The e-mail address of a factor is one.',
    sources: [pageSays('schema', '"format": "email"'), INVALID_FORMAT_SEEN],
    path: '[].email.value',
    check: { kind: 'format', format: 'e-mail' },
    code: 'INVALID_FORMAT',
    keeps: [EMAIL],
    wrong: 'no domain',
    breaks: [{ email: { value: 'ada' } }],
  }),
]
