import type { default as CredentialRepresentation } from '@keycloak/keycloak-admin-client/lib/defs/credentialRepresentation.js'
import type { default as FederatedIdentityRepresentation } from '@keycloak/keycloak-admin-client/lib/defs/federatedIdentityRepresentation.js'
import type { default as MappingsRepresentation } from '@keycloak/keycloak-admin-client/lib/defs/mappingsRepresentation.js'
import type { default as UserRepresentation } from '@keycloak/keycloak-admin-client/lib/defs/userRepresentation.js'
import { z } from 'zod'
import { parseJson } from '../../http/json.ts'
import type { CredentialsSeen, Memberships, PresentUser } from './user.ts'

/** A shape that asks for no other fields than Keycloak's own. */
type FieldsOf<Representation> = { readonly [Field in keyof Representation]?: z.ZodType }

const LINK = z.object({
  identityProvider: z.string(),
  userId: z.string(),
} satisfies FieldsOf<FederatedIdentityRepresentation>)

const USER = z.object({
  id: z.string(),
  username: z.string(),
  email: z.string().nullish(),
  emailVerified: z.boolean().nullish(),
  firstName: z.string().nullish(),
  lastName: z.string().nullish(),
  enabled: z.boolean().nullish(),
  createdTimestamp: z.number().nullish(),
  attributes: z.record(z.string(), z.array(z.string())).nullish(),
  requiredActions: z.array(z.string()).nullish(),
} satisfies FieldsOf<UserRepresentation>)

const presentUser = (user: z.infer<typeof USER>): PresentUser => ({
  id: user.id,
  username: user.username,
  ...(user.email ? { email: user.email } : {}),
  emailVerified: user.emailVerified ?? false,
  ...(user.firstName ? { firstName: user.firstName } : {}),
  ...(user.lastName ? { lastName: user.lastName } : {}),
  enabled: user.enabled ?? false,
  ...(typeof user.createdTimestamp === 'number' ? { createdTimestamp: user.createdTimestamp } : {}),
  attributes: user.attributes ?? {},
  requiredActions: user.requiredActions ?? [],
})

/** Users of a list. */
export const USERS = z.array(USER.transform(presentUser))

/** A single user, with links. */
export const SINGLE_USER = USER.extend({
  federatedIdentities: z.array(LINK).nullish(),
} satisfies FieldsOf<UserRepresentation>).transform(
  (user): PresentUser => ({
    ...presentUser(user),
    links: (user.federatedIdentities ?? []).map((link) => ({ alias: link.identityProvider, subject: link.userId })),
  }),
)

const CREDENTIAL = z.object({
  id: z.string(),
  type: z.string(),
  createdDate: z.number().nullish(),
  credentialData: z.string().nullish(),
} satisfies FieldsOf<CredentialRepresentation>)

const CREDENTIAL_DATA = z.object({ algorithm: z.string() })

export const CREDENTIALS = z.array(CREDENTIAL).transform((credentials): CredentialsSeen => {
  const password = credentials.find(({ type }) => type === 'password')
  const data = CREDENTIAL_DATA.safeParse(parseJson(password?.credentialData ?? '')).data
  return {
    ...(password === undefined
      ? {}
      : {
          password: {
            id: password.id,
            createdDate: password.createdDate ?? 0,
            algorithm: data?.algorithm ?? 'unknown',
          },
        }),
    otherCredentials: credentials.filter((one) => one !== password).map(({ type }) => type),
  }
})

const NAMED = z.array(z.object({ name: z.string() }))

/** The roles of a user that were given to them, and not by a group or by another role. */
export const ROLES = z
  .object({
    realmMappings: NAMED.nullish(),
    clientMappings: z.record(z.string(), z.object({ mappings: NAMED.nullish() })).nullish(),
  } satisfies FieldsOf<MappingsRepresentation>)
  .transform(
    ({ realmMappings, clientMappings }): Pick<Memberships, 'realmRoles' | 'clientRoles'> => ({
      realmRoles: (realmMappings ?? []).map(({ name }) => name),
      clientRoles: Object.values(clientMappings ?? {}).flatMap(({ mappings }) =>
        (mappings ?? []).map(({ name }) => name),
      ),
    }),
  )

/** Groups, by their paths. */
export const GROUP_PATHS = z
  .array(z.object({ path: z.string() }))
  .transform((groups): readonly string[] => groups.map(({ path }) => path))

/** Whether a list has anything in it. */
export const HAS_SOME = z.array(z.unknown()).transform(({ length }): boolean => length > 0)

export const COUNT = z.number().int().nonnegative()

export const IMPORTED = z.object({ added: z.number() })

/** Keycloak's words for a refusal: three fields, by the age of the endpoint. */
export const WORDS = z
  .object({
    errorMessage: z.string().nullish(),
    error_description: z.string().nullish(),
    error: z.string().nullish(),
    field: z.string().nullish(),
    errors: z.array(z.object({ errorMessage: z.string().nullish(), field: z.string().nullish() })).nullish(),
  })
  .transform(({ errors, ...single }) =>
    (errors ?? [single])
      .map((one) => [one.field, one.errorMessage ?? single.error_description ?? single.error])
      .map((parts) => parts.filter((part) => typeof part === 'string').join(': '))
      .join(', '),
  )
