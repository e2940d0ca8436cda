import { sql } from 'kysely'
import { DEMO_PASSWORDS } from '../passwords.ts'
import { account } from '../rows.ts'
import type { DemoSpeciality } from '../special.ts'

const withHash = (kind: string, means: string, localpart: string, hash: string, pattern: string): DemoSpeciality => ({
  kind,
  means,
  table: 'users',
  rows: ({ at }) => ({ users: [account(at(localpart), { password_hash: hash })] }),
  where: () => sql`t.password_hash ~ ${pattern}`,
})

const { cheap, horse } = DEMO_PASSWORDS

/** Hashes that are not what Synapse writes today. */
export const PASSWORD_DAMAGE: readonly DemoSpeciality[] = [
  withHash('hash-cost-4', 'bcrypt with cost 4, from a server for tests', 'cheap', cheap.hash, '^[$]2b[$]04[$]'),
  withHash(
    'hash-2y',
    'the prefix $2y$ of PHP, which logs in',
    'from-php',
    cheap.hash.replace('$2b$', '$2y$'),
    '^[$]2y[$]',
  ),
  withHash(
    'hash-2x',
    'the prefix $2x$, which logs in',
    'from-old-php',
    cheap.hash.replace('$2b$', '$2x$'),
    '^[$]2x[$]',
  ),
  withHash(
    'hash-newline',
    'a newline after the hash: Synapse refuses the password',
    'newline',
    `${horse.hash}\n`,
    '\\n',
  ),
  withHash('hash-cut', 'a hash that lost its end', 'cut', horse.hash.slice(0, 40), '^[$]2b[$].{1,50}$'),
  withHash(
    'hash-argon2',
    'a hash of another algorithm, imported by hand: Synapse answers 500',
    'argon',
    '$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0$YW4gZXhhbXBsZSBvZiBhIGhhc2g',
    '^[$]argon2',
  ),
  withHash('hash-disabled', 'a mark that no password fits, as some scripts write it', 'disabled', '!', '^!$'),
]
