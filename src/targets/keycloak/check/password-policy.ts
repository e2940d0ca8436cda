import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted } from '../../../report/counted.ts'
import { PROVIDER_ID } from '../provider/provider-jar.ts'
import type { RealmSettings } from './seen.ts'

interface Policy {
  readonly name: string
  readonly value: string
}

/** `length(8) and notUsername(undefined)`, as Keycloak writes a policy. */
const policiesOf = (text: string): readonly Policy[] =>
  text.split(' and ').flatMap((part) => {
    const { name, value = '' } = /^(?<name>\w+)(?:\((?<value>.*)\))?$/u.exec(part.trim())?.groups ?? {}
    return name === undefined ? [] : [{ name, value }]
  })

/** Those that are asked of a password when it is set, and that a hash cannot be held to. */
const ASKED_WHEN_SET: readonly string[] = [
  'length',
  'maxLength',
  'digits',
  'lowerCase',
  'upperCase',
  'specialChars',
  'notUsername',
  'notEmail',
  'notContainsUsername',
  'regexPattern',
  'passwordBlacklist',
]

/** What the realm's password policy means for passwords that are moved. */
export const checkPasswordPolicy = (
  { passwordPolicy }: Pick<RealmSettings, 'passwordPolicy'>,
  passwords: number | undefined,
): readonly Finding[] => {
  if (passwords === 0) return []
  const policies = policiesOf(passwordPolicy)
  const policyOf = (wanted: string): string | undefined => policies.find(({ name }) => name === wanted)?.value
  const days = Number(policyOf('forceExpiredPasswordChange') ?? 0)
  const unmet = policies.filter(({ name }) => ASKED_WHEN_SET.includes(name)).map(({ name }) => name)
  const count = passwords === undefined ? {} : { count: passwords }
  return [
    ...(days > 0
      ? [
          finding('KEYCLOAK_PASSWORDS_EXPIRE', {
            message: `Passwords expire after ${counted(days, 'day', 'days')}: those of one run all on one day.`,
            ...count,
            remedy: ['Nothing to do. To spread it, tell people to change theirs before.'],
          }),
        ]
      : []),
    ...(policyOf('hashAlgorithm') === PROVIDER_ID
      ? [
          finding('KEYCLOAK_POLICY_HASH', {
            message: `The password policy of the realm says hashAlgorithm(${PROVIDER_ID}).`,
            samples: ['hashAlgorithm'],
            remedy: ['Authentication, Policies, Password policy: remove "Hashing algorithm", or choose argon2.'],
          }),
        ]
      : []),
    ...(unmet.length > 0
      ? [
          finding('KEYCLOAK_POLICY_NOT_MET', {
            message: `What the password policy asks (${unmet.join(', ')}) is asked of new passwords only.`,
            samples: unmet,
            remedy: [
              'To have everybody set a new one at the first login, in keycloak.yaml: required_actions: [UPDATE_PASSWORD]',
            ],
          }),
        ]
      : []),
  ]
}
