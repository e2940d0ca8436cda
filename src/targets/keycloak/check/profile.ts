import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted } from '../../../report/counted.ts'
import { MARK_NAMES, MARKS } from '../accounts/user-rules.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import type { PeopleCounts } from './count-people.ts'
import { asksAtLogin, isAskedAtLogin, isAskedOfUs, isOurs, isUserEditable } from './profile-questions.ts'
import type { KeycloakSeen, ProfileAttribute, UserProfile } from './seen.ts'

export interface ProfileCheck {
  readonly profile: UserProfile
  readonly requiredActions: KeycloakSeen['requiredActions']
  readonly config: Pick<KeycloakConfig, 'attributes'>
  /** Attributes that the mapping makes. */
  readonly mapped: readonly string[]
  /** Undefined when nobody counted. */
  readonly people: PeopleCounts | undefined
}

const PREPARE = ['syn2op keycloak prepare']

/** What of the user profile would keep people out, hide what is written, or let people forge it. */
export const checkProfile = (check: ProfileCheck): readonly Finding[] => [
  ...requires(check),
  ...refuses(check),
  ...undeclared(check),
  ...single(check),
  ...editable(check),
]

const requires = (check: ProfileCheck): readonly Finding[] => {
  const { profile, mapped, people } = check
  const atLogin = asksAtLogin(check)
  const lacked = profile.attributes
    .filter((attribute) => (atLogin && isAskedAtLogin(attribute)) || isAskedOfUs(attribute))
    .map(({ name }) => name)
    .filter((name) => (people === undefined ? !mapped.includes(name) : people.lacking.has(name)))
  if (lacked.length === 0) return []
  const counts = lacked.map((name) => people?.lacking.get(name)?.count)
  return [
    finding('KEYCLOAK_PROFILE_REQUIRES', {
      message: `The user profile requires ${lacked.map((name, at) => requiredWords(name, counts[at])).join(', ')}${people === undefined ? ', which people who migrate lack' : ''}.`,
      ...(people === undefined ? {} : { count: Math.max(...counts.map((count) => count ?? 0)) }),
      samples: lacked,
      remedy: [
        ...PREPARE,
        ...lacked
          .filter((name) => !['email', 'firstName', 'lastName'].includes(name))
          .map((name) => `By hand: Realm settings, User profile, ${name}: turn "Required field" off.`),
      ],
    }),
  ]
}

const requiredWords = (name: string, count: number | undefined): string =>
  count === undefined
    ? name
    : `${name} (${counted(count, 'account that migrates lacks', 'accounts that migrate lack')} it)`

/** Values that are stored by an import, and stop their owner at the next login. Usernames have a finding of their own. */
const refuses = ({ people }: ProfileCheck): readonly Finding[] => {
  const refused = [...(people?.refused ?? [])].filter(([name]) => name !== 'username')
  if (refused.length === 0) return []
  const names = refused.map(([name]) => name)
  return [
    finding('KEYCLOAK_VALUES_REFUSED', {
      message: `People may edit what the user profile then refuses of ${refused.map(([name, { count }]) => `${name} (${counted(count, 'account', 'accounts')})`).join(', ')}.`,
      count: Math.max(...refused.map(([, { count }]) => count)),
      samples: refused.flatMap(([, { samples }]) => samples).slice(0, 3),
      remedy: names.map(
        (name) => `Realm settings, User profile, ${name}: take "user" out of "Who can edit?", or the validator away.`,
      ),
    }),
  ]
}

/** Those that a migration writes, the ones with several values first. */
const severalOf = ({ config: { attributes } }: ProfileCheck): readonly string[] => [
  MARKS.written,
  attributes.emails,
  attributes.phones,
]

const writtenOf = (check: ProfileCheck): readonly string[] => [
  ...new Set([...MARK_NAMES, ...severalOf(check), ...check.mapped]),
]

const declarationOf = ({ attributes }: UserProfile, wanted: string): ProfileAttribute | undefined =>
  attributes.find(({ name }) => name === wanted)

/** With this policy an administrator sees and writes what is not declared, and people with the other. */
const isOpen = ({ unmanagedAttributePolicy: policy }: UserProfile): boolean =>
  policy === 'ADMIN_EDIT' || policy === 'ENABLED'

const undeclared = (check: ProfileCheck): readonly Finding[] => {
  const { profile } = check
  const hidden = writtenOf(check).filter((name) => {
    const declared = declarationOf(profile, name)
    return declared === undefined ? !isOpen(profile) : !isOurs(declared)
  })
  if (hidden.length === 0) return []
  return [
    finding('KEYCLOAK_ATTRIBUTES_UNDECLARED', {
      message: `The user profile hides from administrators, or does not let them write: ${hidden.join(', ')}.`,
      count: hidden.length,
      samples: hidden,
      remedy: PREPARE,
    }),
  ]
}

const single = (check: ProfileCheck): readonly Finding[] => {
  const names = severalOf(check).filter((name) => declarationOf(check.profile, name)?.multivalued === false)
  if (names.length === 0) return []
  return [
    finding('KEYCLOAK_ATTRIBUTES_SINGLE', {
      message: `The user profile takes one value only of ${names.join(', ')}.`,
      count: names.length,
      samples: names,
      remedy: PREPARE,
    }),
  ]
}

const editable = ({ profile }: ProfileCheck): readonly Finding[] => {
  const names = MARK_NAMES.filter((name) => {
    const declared = declarationOf(profile, name)
    if (declared === undefined) return profile.unmanagedAttributePolicy === 'ENABLED'
    return isUserEditable(declared)
  })
  if (names.length === 0) return []
  return [
    finding('KEYCLOAK_MARKS_EDITABLE', {
      message: `People may edit ${names.join(', ')} of their own account.`,
      count: names.length,
      samples: names,
      remedy: PREPARE,
    }),
  ]
}
