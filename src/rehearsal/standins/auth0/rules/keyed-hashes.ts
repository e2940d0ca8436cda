import { algorithmIs, customHashRule } from './custom-hash-rule.ts'
import { pageSays } from './pages.ts'
import type { Rule } from './rule.ts'

const HMAC = {
  value: 'cg7f42jH39/2EaAU4wNd4s2lKIk=',
  encoding: 'base64',
  digest: 'sha1',
  key: { value: '736868', encoding: 'hex' },
}
const SCRYPT = {
  algorithm: 'scrypt',
  hash: { value: '097f6197e1b41538f723e32aa7a68e8d76227d8e432ce5faa4882a913032db29', encoding: 'hex' },
  salt: { value: 'abc123', encoding: 'utf8' },
  keylen: 32,
  cost: 4096,
}

/** What HMAC and scrypt ask of `custom_password_hash` besides. */
export const KEYED_HASH_RULES: readonly Rule[] = [
  customHashRule({
    id: 'hmac.digest.required',
    says: 'An HMAC names its digest.',
    sources: [pageSays('schema', '* `hash.digest` is required and must be one of:')],
    path: 'hash.digest',
    check: { kind: 'required' },
    when: algorithmIs('hmac'),
    code: 'OBJECT_REQUIRED',
    keeps: { algorithm: 'hmac', hash: HMAC },
    breaks: [['no digest', { algorithm: 'hmac', hash: { ...HMAC, digest: undefined } }]],
  }),
  customHashRule({
    id: 'hmac.digest.one-of',
    says: 'The digest of an HMAC is one of nine.',
    sources: [pageSays('schema', 'The algorithm used to generate the HMAC hash. Must be one of:')],
    path: 'hash.digest',
    check: {
      kind: 'one of',
      values: ['md4', 'md5', 'ripemd160', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'whirlpool'],
    },
    code: 'ENUM_MISMATCH',
    keeps: { algorithm: 'hmac', hash: HMAC },
    breaks: [['sha3', { algorithm: 'hmac', hash: { ...HMAC, digest: 'sha3' } }]],
  }),
  customHashRule({
    id: 'hmac.key.required',
    says: 'An HMAC has a key.',
    sources: [pageSays('schema', '* `hash.key.value` is required.')],
    path: 'hash.key',
    check: { kind: 'required' },
    when: algorithmIs('hmac'),
    code: 'OBJECT_REQUIRED',
    keeps: { algorithm: 'hmac', hash: HMAC },
    breaks: [['no key', { algorithm: 'hmac', hash: { ...HMAC, key: undefined } }]],
  }),
  customHashRule({
    id: 'hmac.key.value.required',
    says: 'The key of an HMAC has a value.',
    sources: [pageSays('schema', '* `hash.key.value` is required.')],
    path: 'hash.key.value',
    check: { kind: 'required' },
    code: 'OBJECT_REQUIRED',
    keeps: { algorithm: 'hmac', hash: HMAC },
    breaks: [['no value', { algorithm: 'hmac', hash: { ...HMAC, key: { encoding: 'hex' } } }]],
  }),
  customHashRule({
    id: 'hmac.key.encoding.one-of',
    says: 'The encoding of that key is base64, hex or utf8.',
    sources: [pageSays('schema', '* `hash.key.encoding` must be either `base64` or `hex` or `utf8`.')],
    path: 'hash.key.encoding',
    check: { kind: 'one of', values: ['base64', 'hex', 'utf8'] },
    code: 'ENUM_MISMATCH',
    keeps: { algorithm: 'hmac', hash: HMAC },
    breaks: [['latin1', { algorithm: 'hmac', hash: { ...HMAC, key: { value: 'shh', encoding: 'latin1' } } }]],
  }),
  customHashRule({
    id: 'scrypt.keylen.required',
    says: 'A scrypt hash says how long its key is.',
    sources: [pageSays('schema', '<ResponseField name="keylen" type="integer" required>')],
    path: 'keylen',
    check: { kind: 'required' },
    when: algorithmIs('scrypt'),
    code: 'OBJECT_REQUIRED',
    keeps: SCRYPT,
    breaks: [['no length', { ...SCRYPT, keylen: undefined }]],
  }),
  ...(
    [
      ['keylen', 'Desired key length in bytes for the scrypt hash. Must be an integer greater than zero.'],
      ['blockSize', 'Block size parameter used for the scrypt hash. Must be a positive integer.'],
      ['parallelization', 'Parallelization parameter used for the scrypt hash. Must be a positive integer.'],
    ] as const
  ).flatMap(([name, quote]) => [
    customHashRule({
      id: `${name}.type`,
      says: `\`${name}\` is a whole number.`,
      sources: [pageSays('schema', quote)],
      path: name,
      check: { kind: 'type', is: ['integer'] },
      code: 'INVALID_TYPE',
      keeps: { ...SCRYPT, [name]: 8 },
      breaks: [['half a one', { ...SCRYPT, [name]: 8.5 }]],
    }),
    customHashRule({
      id: `${name}.least`,
      says: `\`${name}\` is at least 1.`,
      sources: [pageSays('schema', quote)],
      path: name,
      check: { kind: 'least', value: 1 },
      code: 'MINIMUM',
      keeps: { ...SCRYPT, [name]: 1 },
      breaks: [['0', { ...SCRYPT, [name]: 0 }]],
    }),
  ]),
  customHashRule({
    id: 'cost.power-of-two',
    says: '`cost` of scrypt is a power of two greater than one.',
    sources: [
      pageSays(
        'schema',
        'CPU/memory cost parameter used for the scrypt hash. Must be a power of two greater than one.',
      ),
    ],
    path: 'cost',
    check: { kind: 'one of', values: Array.from({ length: 30 }, (_, index) => 2 ** (index + 1)) },
    code: 'ENUM_MISMATCH',
    keeps: SCRYPT,
    breaks: [
      ['no power of two', { ...SCRYPT, cost: 4095 }],
      ['1', { ...SCRYPT, cost: 1 }],
      ['a text', { ...SCRYPT, cost: '4096' }],
    ],
  }),
]
