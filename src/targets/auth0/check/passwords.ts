import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted } from '../../../report/counted.ts'
import type { Auth0Config } from '../config/auth0-config.ts'

interface PasswordCheck {
  readonly config: Pick<Auth0Config, 'passwords' | 'pepper'>
  /** Synapse's; a secret. */
  readonly pepper: string | undefined
  /** Hashes to be carried; undefined where nobody has counted them. */
  readonly count: number | undefined
}

// Of what bcrypt is given it sees so many bytes.
const SEEN_BY_BCRYPT = 72

// A password of more bytes than these is seldom.
const ROOM_ENOUGH = 32

/** The bytes of a password that count if Auth0 leaves the pepper whole. */
const roomBeside = (pepper: string): number => Math.max(0, SEEN_BY_BCRYPT - Buffer.byteLength(pepper))

const longPepper = (pepper: string, counting: Pick<Finding, 'count'>): Finding =>
  finding('AUTH0_PEPPER_LONG', {
    message: `Synapse's pepper may leave ${roomBeside(pepper)} of 72 bytes to a password at Auth0: by one of two readings of what it publishes, whoever has a longer one is refused.`,
    ...counting,
    remedy: [
      'Ask the tenant: `syn2op auth0 canary`, password.with-a-long-pepper. Once it is confirmed, accept this in the mapping:',
      'accept:\n  - code: AUTH0_PEPPER_LONG\n    reason: confirmed by the canary',
      'Where it is refuted: `passwords: leave` in auth0.yaml, and everybody sets a password by "Forgot password?".',
    ],
  })

/** What becomes of Synapse's passwords at Auth0. Silent where none are carried. */
export const checkPasswords = ({ config, pepper = '', count }: PasswordCheck): readonly Finding[] => {
  if (config.passwords === 'leave' || count === 0) return []
  const counting = count === undefined ? {} : { count }
  const passwords = count === undefined ? 'Passwords' : counted(count, 'password', 'passwords')
  return [
    ...(pepper === ''
      ? []
      : [
          config.pepper === 'disclose'
            ? finding('AUTH0_PEPPER_DISCLOSED', {
                message: `Auth0 is sent Synapse's pepper, in clear, beside ${passwords.toLowerCase()}.`,
                ...counting,
                remedy: [
                  'Nothing now. Once Synapse checks no password any more: take `password_config.pepper` and the old hashes away there.',
                ],
              })
            : finding('AUTH0_PEPPER', {
                message: `Synapse has a pepper, and auth0.yaml does not allow to tell it to Auth0: nobody's password would be accepted.`,
                ...counting,
                remedy: [
                  'To have the passwords work, `pepper: disclose` in auth0.yaml: Auth0 then learns the pepper.',
                  'Or `passwords: leave`: nobody has a password then, and everybody sets one by "Forgot password?".',
                ],
              }),
        ]),
    ...(config.pepper === 'disclose' && roomBeside(pepper) < ROOM_ENOUGH ? [longPepper(pepper, counting)] : []),
    finding('AUTH0_PASSWORDS_UNSEEN', {
      message: `${passwords} ${count === 1 ? 'is' : 'are'} carried as bcrypt hashes: which of them have spaces, letters outside ASCII or more than 72 bytes, nobody can see, and that Auth0 lets their owners type these it does not say.`,
      ...counting,
      remedy: [
        'Ask the tenant: `syn2op auth0 canary`, password.space-and-umlaut.',
        'Tell people: whoever is refused sets a new password by "Forgot password?".',
      ],
    }),
  ]
}
