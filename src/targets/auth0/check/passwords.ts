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
    finding('AUTH0_PASSWORDS_UNSEEN', {
      message: `${passwords} ${count === 1 ? 'is' : 'are'} carried as bcrypt hashes: which of them have more than 72 bytes, or letters that Synapse normalises, nobody can see.`,
      ...counting,
      remedy: ['Tell people: whoever is refused sets a new password by "Forgot password?".'],
    }),
  ]
}
