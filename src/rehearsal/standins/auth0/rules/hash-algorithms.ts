import { algorithmIs, BCRYPT, bcryptHash, type CustomHash, customHashRule } from './custom-hash-rule.ts'
import { pageSays } from './pages.ts'
import { inferred } from './published.ts'
import type { Rule } from './rule.ts'

const SHA256 = 'd24e794fce503c3ddb1cd1ba1dd5d9b250cf9917336a0316fefd87fecf79200f'
const ARGON2 = '$argon2id$v=19$m=65536,t=2,p=1$J6Q/82PCyaNpYKRELJyTZg$m04qUAB8rexWDR4+/0f+SFB+4XMFxt7YAvAq2UycYos'
const PBKDF2 =
  '$pbkdf2-sha512$i=100000,l=64$KNyFsA2rWoE$I2CQGI9H0JxdDf3kERRI97kPCGxh0KWBIV3MxyaS191gDGfzVBGyS4BibhgqWQ0/ails8mHuU9ckASxHOOq58w'
const SSHA384 = '{SSHA384}/cgEjdoZh85DhurDeOQEMO1rMlAur93SVPbYe5XSD4lF7nNuvrBju5hUeg9A6agRemgSXGl5YuE='
/** The encodings that an algorithm's hash may be said to have. */
const encodingRule = (
  name: string,
  algorithms: readonly string[],
  encodings: readonly string[],
  quote: string,
  keeps: CustomHash,
  broken: CustomHash,
): Rule =>
  customHashRule({
    id: `${name}.encoding`,
    says: `\`hash.encoding\` of ${algorithms.join(', ')} is ${encodings.join(' or ')}.`,
    sources: [pageSays('schema', quote)],
    path: 'hash.encoding',
    check: { kind: 'one of', values: encodings },
    when: algorithmIs(...algorithms),
    code: 'ENUM_MISMATCH',
    keeps,
    breaks: [['another encoding', broken]],
  })

const UTF8_ONLY = '* `hash.encoding` must be `utf8`.'
const HEX_OR_BASE64 = '* `hash.encoding` must be either `hex` or `base64`.'

/** What each algorithm of `custom_password_hash` asks of the hash. */
export const HASH_ALGORITHM_RULES: readonly Rule[] = [
  encodingRule(
    'utf8-only',
    ['argon2', 'bcrypt', 'ldap', 'pbkdf2'],
    ['utf8'],
    UTF8_ONLY,
    { algorithm: 'argon2', hash: { value: ARGON2, encoding: 'utf8' } },
    { algorithm: 'bcrypt', hash: { value: BCRYPT, encoding: 'base64' } },
  ),
  encodingRule(
    'digest',
    ['hmac', 'md4', 'md5', 'sha1', 'sha256', 'sha512', 'scrypt'],
    ['hex', 'base64'],
    HEX_OR_BASE64,
    { algorithm: 'sha256', hash: { value: SHA256, encoding: 'hex' } },
    { algorithm: 'sha256', hash: { value: SHA256, encoding: 'utf8' } },
  ),
  customHashRule({
    id: 'digest.encoding.required',
    says: 'A hash that is no text says how it is encoded.',
    sources: [inferred(pageSays('schema', HEX_OR_BASE64))],
    path: 'hash.encoding',
    check: { kind: 'required' },
    when: algorithmIs('hmac', 'md4', 'md5', 'sha1', 'sha256', 'sha512', 'scrypt'),
    code: 'OBJECT_REQUIRED',
    keeps: { algorithm: 'sha256', hash: { value: SHA256, encoding: 'hex' } },
    breaks: [['no encoding', { algorithm: 'sha256', hash: { value: SHA256 } }]],
  }),
  customHashRule({
    id: 'bcrypt.prefix',
    says: 'A bcrypt hash begins with `$2a$`, `$2b$` or `$2y$`.',
    sources: [
      pageSays('schema', 'Other prefixes, such as `$2$`, `$sha1$`, and `$2x$`, are not supported at this time.'),
    ],
    path: 'hash.value',
    check: { kind: 'pattern', pattern: '^\\$2[aby]\\$' },
    when: algorithmIs('bcrypt'),
    code: 'PATTERN',
    keeps: bcryptHash(BCRYPT.replace('$2b$', '$2y$')),
    breaks: [
      ['$2$', bcryptHash(BCRYPT.replace('$2b$', '$2$'))],
      ['$2x$', bcryptHash(BCRYPT.replace('$2b$', '$2x$'))],
      ['$sha1$', bcryptHash(BCRYPT.replace('$2b$', '$sha1$'))],
    ],
  }),
  customHashRule({
    id: 'bcrypt.form',
    says: 'A bcrypt hash is a prefix, a cost of two digits from 04 to 31, and 53 letters; no cost is ruled out.',
    sources: [
      inferred(
        pageSays('schema', 'For example, this was generated from the string `hello` using a cost parameter of 10:'),
      ),
    ],
    path: 'hash.value',
    check: { kind: 'pattern', pattern: '^\\$[^$]*\\$(0[4-9]|[12][0-9]|3[01])\\$[./A-Za-z0-9]{53}$' },
    when: algorithmIs('bcrypt'),
    code: 'PATTERN',
    keeps: bcryptHash(BCRYPT.replace('$10$', '$12$')),
    breaks: [
      ['cut off', bcryptHash(BCRYPT.slice(0, -1))],
      ['cost 3', bcryptHash(BCRYPT.replace('$10$', '$03$'))],
      ['empty', bcryptHash('')],
    ],
  }),
  customHashRule({
    id: 'argon2.form',
    says: 'An argon2 hash is a PHC string.',
    sources: [pageSays('schema', '* `hash.value` must be in PHC string format, specified in')],
    path: 'hash.value',
    check: { kind: 'pattern', pattern: '^\\$argon2(i|d|id)\\$' },
    when: algorithmIs('argon2'),
    code: 'PATTERN',
    keeps: { algorithm: 'argon2', hash: { value: ARGON2 } },
    breaks: [['a bcrypt hash', { algorithm: 'argon2', hash: { value: BCRYPT } }]],
  }),
  customHashRule({
    id: 'pbkdf2.form',
    says: 'A pbkdf2 hash is a PHC string whose id names the digest.',
    sources: [
      pageSays('schema', '* The `id` should be in a `pbkdf2-<digest>` format (`pbkdf2-sha512`, `pbkdf2-md5`, etc).'),
    ],
    path: 'hash.value',
    check: { kind: 'pattern', pattern: '^\\$pbkdf2-[A-Za-z0-9-]+\\$' },
    when: algorithmIs('pbkdf2'),
    code: 'PATTERN',
    keeps: { algorithm: 'pbkdf2', hash: { value: PBKDF2, encoding: 'utf8' } },
    breaks: [['no digest', { algorithm: 'pbkdf2', hash: { value: PBKDF2.replace('pbkdf2-sha512', 'pbkdf2') } }]],
  }),
  customHashRule({
    id: 'ldap.form',
    says: 'An LDAP hash names its scheme, which is not crypt.',
    sources: [pageSays('schema', '* The scheme must be one of `md5|smd5|sha*|ssha*`.')],
    path: 'hash.value',
    check: { kind: 'pattern', pattern: '^\\{(md5|smd5|sha[0-9]*|ssha[0-9]*)\\}', flags: 'i' },
    when: algorithmIs('ldap'),
    code: 'PATTERN',
    keeps: { algorithm: 'ldap', hash: { value: SSHA384, encoding: 'utf8' } },
    breaks: [['crypt', { algorithm: 'ldap', hash: { value: SSHA384.replace('SSHA384', 'CRYPT') } }]],
  }),
]
