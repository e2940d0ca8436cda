import type { JsonMap } from './step.ts'

const BY_ALL = { view: ['admin', 'user'], edit: ['admin', 'user'] } as const

/** A key of Keycloak's own translations. */
const label = (name: string): string => `\${${name}}`

const required = (name: string, validations: JsonMap): JsonMap => ({
  name,
  displayName: label(name),
  validations,
  required: { roles: ['user'] },
  permissions: BY_ALL,
  multivalued: false,
})

/** The user profile that Keycloak gives to a new realm. Source: GET users/profile of a new realm of 26.7.3. */
export const DEFAULT_PROFILE: JsonMap = {
  attributes: [
    {
      name: 'username',
      displayName: label('username'),
      validations: {
        'length': { min: 3, max: 255 },
        'username-prohibited-characters': {},
        'up-username-not-idn-homograph': {},
      },
      permissions: BY_ALL,
      multivalued: false,
    },
    required('email', { email: {}, length: { max: 255 } }),
    required('firstName', { 'length': { max: 255 }, 'person-name-prohibited-characters': {} }),
    required('lastName', { 'length': { max: 255 }, 'person-name-prohibited-characters': {} }),
  ],
  groups: [
    {
      name: 'user-metadata',
      displayHeader: 'User metadata',
      displayDescription: 'Attributes, which refer to user metadata',
    },
  ],
}
