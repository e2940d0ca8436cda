import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted } from '../../../report/counted.ts'
import { MARK_NAMES, MARKS } from '../accounts/user-rules.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import type { KeycloakSeen, ProfileAttribute, UserProfile } from './seen.ts'

export interface ProfileCheck {
  readonly profile: UserProfile
  readonly requiredActions: KeycloakSeen['requiredActions']
  readonly config: Pick<KeycloakConfig, 'attributes'>
  /** Attributes that the mapping makes. */
  readonly mapped: readonly string[]
  /** How many of those who migrate have no e-mail address; undefined when nobody counted. */
  readonly withoutEmail: number | undefined
}

const PREPARE = ['syn2op keycloak prepare']

/** What of the user profile would keep people out, hide what is written, or let people forge it. */
export const checkProfile = (check: ProfileCheck): readonly Finding[] => [
  ...requires(check),
  ...undeclared(check),
  ...single(check),
  ...editable(check),
]

const USER = 'user'
const ADMIN = 'admin'

/** Whether everybody is asked for it at a login. Where an app's scope is needed too, only that app asks. */
export const isAskedAtLogin = ({ required }: ProfileAttribute): boolean =>
  required !== undefined &&
  required.scopes.length === 0 &&
  (required.roles.length === 0 || required.roles.includes(USER))

/** Whether a change of ours would be refused without it. */
const isAskedOfUs = ({ required }: ProfileAttribute): boolean =>
  required !== undefined &&
  required.scopes.length === 0 &&
  (required.roles.length === 0 || required.roles.includes(ADMIN))

/** Without this action nobody is asked at a login what the profile lacks. */
const VERIFY_PROFILE = 'VERIFY_PROFILE'

const requires = ({ profile, requiredActions, mapped, withoutEmail }: ProfileCheck): readonly Finding[] => {
  const atLogin = requiredActions?.find(({ alias }) => alias === VERIFY_PROFILE)?.enabled ?? true
  const has = (name: string): boolean =>
    name === 'username' ||
    mapped.includes(name) ||
    MARK_NAMES.includes(name) ||
    (name === 'email' && withoutEmail === 0)
  const lacked = profile.attributes.filter(
    (attribute) => !has(attribute.name) && ((atLogin && isAskedAtLogin(attribute)) || isAskedOfUs(attribute)),
  )
  if (lacked.length === 0) return []
  const names = lacked.map(({ name }) => name)
  const onlyEmail = names.every((name) => name === 'email')
  return [
    finding('KEYCLOAK_PROFILE_REQUIRES', {
      message:
        onlyEmail && withoutEmail !== undefined
          ? `The user profile requires email, which ${counted(withoutEmail, 'account that migrates lacks', 'accounts that migrate lack')}.`
          : `The user profile requires ${names.join(', ')}, which people who migrate lack.`,
      ...(onlyEmail && withoutEmail !== undefined ? { count: withoutEmail } : {}),
      samples: names,
      remedy: [
        ...PREPARE,
        ...names
          .filter((name) => !['email', 'firstName', 'lastName'].includes(name))
          .map((name) => `By hand: Realm settings, User profile, ${name}: turn "Required field" off.`),
      ],
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

const isOurs = ({ permissions }: ProfileAttribute): boolean =>
  permissions === undefined || (permissions.view.includes(ADMIN) && permissions.edit.includes(ADMIN))

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
    return declared.permissions?.edit.includes(USER) === true
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
