import type { Auth0Config } from '../config/auth0-config.ts'

/** Without any of these a run would be refused half-way. */
const ALWAYS = [
  'create:users',
  'read:users',
  'update:users',
  'delete:users',
  'read:connections',
  'read:connections_options',
  // Of whoever must be deleted to get another password.
  'read:roles',
  'read:organizations',
  'read:authentication_methods',
] as const

/** To make users of a connection by inbound SCIM. */
const WITH_SCIM = ['read:scim_config', 'create:scim_token', 'read:scim_token', 'delete:scim_token'] as const

/** Scopes of the Management API that a migration needs. */
export const neededScopes = ({ providers }: Pick<Auth0Config, 'providers'>): readonly string[] => [
  ...ALWAYS,
  ...(providers.some(({ link }) => link === 'scim') ? WITH_SCIM : []),
]
