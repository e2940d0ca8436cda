import { MARK_NAMES } from '../accounts/user-rules.ts'
import type { KeycloakSeen, ProfileAttribute } from './seen.ts'

const USER = 'user'
const ADMIN = 'admin'

/** Everybody has them: they are what syn2op writes of everybody. */
const isAlwaysThere = ({ name }: ProfileAttribute): boolean => name === 'username' || MARK_NAMES.includes(name)

/** Whether everybody is asked for it at a login. Where an app's scope is needed too, only that app asks. */
export const isAskedAtLogin = (attribute: ProfileAttribute): boolean => isAskedOf(attribute, USER)

/** Whether a change of ours would be refused without it. */
export const isAskedOfUs = (attribute: ProfileAttribute): boolean => isAskedOf(attribute, ADMIN)

const isAskedOf = (attribute: ProfileAttribute, role: string): boolean => {
  const { required } = attribute
  return (
    required !== undefined &&
    !isAlwaysThere(attribute) &&
    required.scopes.length === 0 &&
    (required.roles.length === 0 || required.roles.includes(role))
  )
}

/** Only what people may edit is validated when they log in. */
export const isUserEditable = ({ permissions }: ProfileAttribute): boolean => permissions?.edit.includes(USER) === true

/** Whether administrators see and edit it: of one that names nobody, nobody does. */
export const isOurs = ({ permissions }: ProfileAttribute): boolean =>
  permissions?.view.includes(ADMIN) === true && permissions.edit.includes(ADMIN)

/** Without this action nobody is asked at a login what the profile lacks. */
const VERIFY_PROFILE = 'VERIFY_PROFILE'

export const asksAtLogin = ({
  requiredActions,
}: {
  readonly requiredActions?: KeycloakSeen['requiredActions'] | undefined
}): boolean => requiredActions?.find(({ alias }) => alias === VERIFY_PROFILE)?.enabled ?? true
