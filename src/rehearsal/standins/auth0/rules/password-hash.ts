import { FORBIDDEN_ATTRIBUTE, HASH_PATTERN, pageSays } from './pages.ts'
import { row, rowRule } from './row-rule.ts'
import type { Rule } from './rule.ts'

// The page's own example: of `hello`, cost 10.
const HASH = '$2b$10$nFguVi9LsCAcvTZFKQlRKeLVydo8ETv483lkNsSFI/Wl1Rz1Ypo1K'

/** `password_hash`, which goes into Auth0's own column as it is. */
export const PASSWORD_HASH_RULES: readonly Rule[] = [
  rowRule({
    id: 'row.password_hash.pattern',
    says: '`password_hash` is a bcrypt hash `$2$`, `$2a$` or `$2b$` of cost 10, and of no other cost.',
    sources: [
      HASH_PATTERN,
      pageSays('schema', 'Compatible passwords should be hashed using bcrypt `$2a$` or `$2b$` and have 10 saltRounds.'),
    ],
    path: 'password_hash',
    at: 'passwordHash',
    check: { kind: 'pattern', pattern: '^\\$2[ab]?\\$10+\\$[./A-Za-z0-9]{53}$' },
    code: 'PATTERN',
    keeps: row({ password_hash: HASH }),
    breaks: [
      {
        wrong: 'cost 12, as Synapse hashes',
        row: row({ password_hash: HASH.replace('$10$', '$12$') }),
        message: 'Error in passwordHash property - String does not match pattern',
      },
      { wrong: 'cost 4', row: row({ password_hash: HASH.replace('$10$', '$04$') }) },
      { wrong: 'the prefix $2y$', row: row({ password_hash: HASH.replace('$2b$', '$2y$') }) },
      { wrong: 'cut off', row: row({ password_hash: HASH.slice(0, -1) }) },
      { wrong: 'empty', row: row({ password_hash: '' }) },
    ],
  }),
  rowRule({
    id: 'row.password-hashes.one',
    says: 'A row has `password_hash` or `custom_password_hash`, not both.',
    sources: [pageSays('schema', 'This field and `password_hash` are mutually exclusive.'), FORBIDDEN_ATTRIBUTE],
    path: '',
    check: { kind: 'at most one of', properties: ['password_hash', 'custom_password_hash'] },
    code: 'NOT_PASSED',
    keeps: row({ password_hash: HASH }),
    breaks: [
      {
        wrong: 'both',
        row: row({ password_hash: HASH, custom_password_hash: { algorithm: 'bcrypt', hash: { value: HASH } } }),
        message: 'Forbidden attribute in appUser',
      },
    ],
  }),
]
