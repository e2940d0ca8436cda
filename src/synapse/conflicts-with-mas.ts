import type { Located } from '../config/yaml/located.ts'
import { isDuration, isEnabled, isPresent, isSwitchedOn, isTruthy, valueAt } from './yaml-truth.ts'

type Test = (value: Located | undefined) => boolean

/** SAML counts only with a configuration of its service provider. */
export const samlIsOn: Test = (value) =>
  isEnabled(value, 'enabled') &&
  value?.kind === 'map' &&
  (isTruthy(value.entries.get('sp_config')) || isTruthy(value.entries.get('config_path')))

/**
 * The settings with which Synapse does not start once `matrix_authentication_service` is enabled, and when they count.
 * Tried on Synapse 1.163.2; a module that checks passwords stops it as well, but that cannot be seen here.
 */
const CONFLICTS: Readonly<Record<string, Test>> = {
  'password_config.enabled': isTruthy,
  'user_consent': isPresent,
  'oidc_providers': isTruthy,
  'oidc_config': (value) => isEnabled(value, 'disabled'),
  'saml2_config': samlIsOn,
  'cas_config': (value) => isEnabled(value, 'enabled'),
  'jwt_config': (value) => isEnabled(value, 'disabled'),
  'password_providers': isTruthy,
  'ldap_config': (value) => isEnabled(value, 'disabled'),
  'enable_registration_captcha': isTruthy,
  'login_via_existing_session.enabled': isTruthy,
  'refresh_token_lifetime': isDuration,
  'nonrefreshable_access_token_lifetime': isDuration,
  'session_lifetime': isDuration,
  'enable_3pid_changes': isTruthy,
  'experimental_features.msc3861': isTruthy,
}

/** Whether Synapse would let people register: `disable_registration`, where it is given, decides. */
export const registrationEnabled = (root: Located): boolean => {
  const disabled = valueAt(root, 'disable_registration')
  return isPresent(disabled) ? !isSwitchedOn(disabled) : isSwitchedOn(valueAt(root, 'enable_registration'))
}

/** The dotted paths of the settings to remove before Synapse hands logins over to MAS. */
export const conflictsWithMas = (root: Located): readonly string[] => {
  const paths = Object.entries(CONFLICTS)
    .filter(([path, counts]) => counts(valueAt(root, path)))
    .map(([path]) => path)
  if (!registrationEnabled(root)) return paths
  return [...paths, isPresent(valueAt(root, 'disable_registration')) ? 'disable_registration' : 'enable_registration']
}
