import type { Located } from '../config/yaml/located.ts'
import type { ConflictWithMas } from './homeserver.ts'
import { knownModule } from './known-modules.ts'
import { masSectionConflicts } from './mas-section-conflicts.ts'
import {
  isDuration,
  isEnabled,
  isNoDuration,
  isNoMap,
  isNoSwitch,
  isPresent,
  isSwitchedOn,
  isTruthy,
  keyAt,
  valueAt,
} from './yaml-truth.ts'

type Test = (value: Located | undefined) => boolean

/** SAML counts only with a configuration of its service provider. */
export const samlIsOn: Test = (value) =>
  isEnabled(value, 'enabled') &&
  value?.kind === 'map' &&
  (isTruthy(value.entries.get('sp_config')) || isTruthy(value.entries.get('config_path')))

/** A section that is there without being a map, an empty value too: Synapse ends at it. */
const isBroken: Test = (value) => value !== undefined && value.kind !== 'map'

/** Its secret and its algorithm are read even where it is off. */
const jwtCounts: Test = (value) =>
  isNoMap(value) ||
  isEnabled(value, 'disabled') ||
  (value?.kind === 'map' && value.entries.size > 0 && !['secret', 'algorithm'].every((key) => value.entries.has(key)))

/** With quotes: YAML takes a bare `off` for false. */
const isNoQrMode: Test = (value) =>
  value !== undefined &&
  !(value.kind === 'scalar' && ['off', 'open', 'authenticated'].some((mode) => mode === value.value))

/**
 * The settings with which Synapse does not start once `matrix_authentication_service` is enabled, and when they count;
 * of those about logins, also what it cannot read at all.
 * Tried on Synapse 1.163.2.
 */
const CONFLICTS: Readonly<Record<string, Test>> = {
  'password_config.enabled': isTruthy,
  'user_consent': isPresent,
  'oidc_providers': isTruthy,
  'oidc_config': (value) => isNoMap(value) || isEnabled(value, 'disabled'),
  'saml2_config': (value) => isNoMap(value) || samlIsOn(value),
  'cas_config': (value) => isNoMap(value) || isEnabled(value, 'enabled'),
  'jwt_config': jwtCounts,
  'password_providers': isTruthy,
  'ldap_config': (value) => isBroken(value) || isEnabled(value, 'disabled'),
  'enable_registration_captcha': isTruthy,
  'login_via_existing_session': isBroken,
  'login_via_existing_session.enabled': isTruthy,
  'refresh_token_lifetime': isDuration,
  'nonrefreshable_access_token_lifetime': isDuration,
  'session_lifetime': isDuration,
  'refreshable_access_token_lifetime': isNoDuration,
  'enable_3pid_changes': isTruthy,
  'experimental_features': isNoMap,
  'experimental_features.msc3861': isTruthy,
  'experimental_features.msc4388_mode': isNoQrMode,
}

/** Whether Synapse would let people register: `disable_registration`, where it is given, decides. */
export const registrationEnabled = (root: Located): boolean => {
  const disabled = valueAt(root, 'disable_registration')
  return isPresent(disabled) ? !isSwitchedOn(disabled) : isSwitchedOn(valueAt(root, 'enable_registration'))
}

/** Settings that are switched off by `false`; every other one is removed. */
const SWITCHES = /(^|\.)(enabled|enable_[a-z0-9_]+)$/

/** Which line of homeserver.yaml to write, or to remove, for a setting that excludes MAS. */
const lineFor = (root: Located, path: string): string => {
  if (path === 'disable_registration') return 'disable_registration: true'
  const [section = '', key] = path.split('.')
  if (!SWITCHES.test(path)) {
    const parent = key === undefined ? root : valueAt(root, section)
    // A # would take what stands beside it in the line, or the brace that ends it.
    return parent?.kind === 'map' && parent.inBraces
      ? `remove ${key ?? path} and its value between the braces of ${section} (what else stands there stays)`
      : `remove ${path} (or put # before each of its lines)`
  }
  return key === undefined ? `${path}: false` : `${key}: false (under ${section}:, whose other lines stay)`
}

const conflictAt = (root: Located, path: string): ConflictWithMas => ({
  path,
  at: keyAt(root, path) ?? root.at,
  remedy: lineFor(root, path),
})

/** QR codes of MSC4108, by Synapse and by another server at once; Synapse knows them beside MAS only. */
const rendezvousConflicts = (root: Located): readonly ConflictWithMas[] => {
  const path = 'experimental_features.msc4108_delegation_endpoint'
  const both = isPresent(valueAt(root, path)) && isTruthy(valueAt(root, 'experimental_features.msc4108_enabled'))
  return both ? [conflictAt(root, path)] : []
}

/** Entries of `modules` that are known to be told of logins or sign-ups: with one of them Synapse does not start either. */
const moduleConflicts = (root: Located): readonly ConflictWithMas[] => {
  const modules = valueAt(root, 'modules')
  if (modules?.kind !== 'list') return []
  return modules.items.flatMap((entry, index): readonly ConflictWithMas[] => {
    const name = valueAt(entry, 'module')
    const known = name?.kind === 'scalar' ? knownModule(String(name.value)) : undefined
    if (name?.kind !== 'scalar' || (known?.login === undefined && known?.signUp === undefined)) return []
    const path = `modules[${index}]`
    return [{ path, at: entry.at, remedy: `remove the entry ${String(name.value)} of modules` }]
  })
}

/** The one that decides where people may register, and each that says neither yes nor no. */
const registrationConflicts = (root: Located): readonly ConflictWithMas[] => {
  const deciding = isPresent(valueAt(root, 'disable_registration')) ? 'disable_registration' : 'enable_registration'
  return ['disable_registration', 'enable_registration']
    .filter((path) => isNoSwitch(valueAt(root, path)) || (path === deciding && registrationEnabled(root)))
    .map((path) => conflictAt(root, path))
}

/** The settings to change before Synapse hands logins over to MAS, each with its place and the line to write. */
export const conflictsWithMas = (root: Located): readonly ConflictWithMas[] => {
  const conflicts = [
    ...Object.entries(CONFLICTS)
      .filter(([path, counts]) => counts(valueAt(root, path)))
      .map(([path]) => conflictAt(root, path)),
    ...rendezvousConflicts(root),
    ...moduleConflicts(root),
    ...masSectionConflicts(root),
  ]
  return [...conflicts, ...registrationConflicts(root)]
}
