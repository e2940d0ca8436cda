import { isObject } from './json.ts'
import type { ConnectionSetting } from './rules/rule.ts'
import type { Connection } from './tenant.ts'

/** What the options of a database connection say of its users' fields. */
export interface FieldSettings {
  /** Undefined: it takes no usernames. Lengths in characters. */
  readonly usernames?: {
    readonly shortest: number
    readonly longest: number
    readonly mayBeEmailAddresses: boolean
    readonly mayBePhoneNumbers: boolean
  }
  readonly takesPhoneNumbers: boolean
  readonly requires: { readonly email: boolean; readonly username: boolean; readonly phoneNumber: boolean }
  /** Whether two of its users can have one address. */
  readonly sharesEmails: boolean
}

const SHORTEST = 1
const LONGEST = 15

const part = (value: unknown, key: string): Readonly<Record<string, unknown>> => {
  const found = isObject(value) ? value[key] : undefined
  return isObject(found) ? found : {}
}

const numberOf = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise)

/** By the attributes of flexible identifiers. What an attribute does not say is as the dashboard makes it. */
const byAttributes = (attributes: Readonly<Record<string, unknown>>): FieldSettings => {
  const required = (name: string): boolean =>
    isObject(attributes[name]) && part(attributes, name)['profile_required'] !== false
  const validation = part(attributes['username'], 'validation')
  const allowed = part(validation, 'allowed_types')
  return {
    ...(isObject(attributes['username'])
      ? {
          usernames: {
            shortest: numberOf(validation['min_length'], SHORTEST),
            longest: numberOf(validation['max_length'], LONGEST),
            mayBeEmailAddresses: allowed['email'] === true,
            mayBePhoneNumbers: allowed['phone_number'] === true,
          },
        }
      : {}),
    takesPhoneNumbers: isObject(attributes['phone_number']),
    requires: { email: required('email'), username: required('username'), phoneNumber: required('phone_number') },
    sharesEmails: part(attributes, 'email')['unique'] === false,
  }
}

/**
 * By `requires_username`: a form for signing up asks for a username then. Nothing says that an import or the API ask for one, and
 * connections have users from before it was set.
 */
const byOlderOptions = (options: Readonly<Record<string, unknown>>): FieldSettings => {
  const lengths = part(options['validation'], 'username')
  return {
    ...(options['requires_username'] === true
      ? {
          usernames: {
            shortest: numberOf(lengths['min'], SHORTEST),
            longest: numberOf(lengths['max'], LONGEST),
            mayBeEmailAddresses: false,
            mayBePhoneNumbers: true,
          },
        }
      : {}),
    takesPhoneNumbers: false,
    requires: { email: true, username: false, phoneNumber: false },
    sharesEmails: false,
  }
}

export const fieldSettings = ({ options }: Pick<Connection, 'options'>): FieldSettings =>
  isObject(options['attributes']) ? byAttributes(options['attributes']) : byOlderOptions(options)

const SETTINGS: Readonly<Record<ConnectionSetting, (settings: FieldSettings) => boolean>> = {
  'takes usernames': ({ usernames }) => usernames !== undefined,
  'takes no usernames': ({ usernames }) => usernames === undefined,
  'takes phone numbers': ({ takesPhoneNumbers }) => takesPhoneNumbers,
  'takes no phone numbers': ({ takesPhoneNumbers }) => !takesPhoneNumbers,
  'requires e-mail': ({ requires }) => requires.email,
  'requires username': ({ requires }) => requires.username,
  'requires phone number': ({ requires }) => requires.phoneNumber,
  'takes no e-mail addresses as usernames': ({ usernames }) => usernames?.mayBeEmailAddresses === false,
  'takes no phone numbers as usernames': ({ usernames }) => usernames?.mayBePhoneNumbers === false,
}

export const hasSetting = (settings: FieldSettings, setting: ConnectionSetting): boolean => SETTINGS[setting](settings)
