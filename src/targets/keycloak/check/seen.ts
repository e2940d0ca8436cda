import { z } from 'zod'

/** What `GET /admin/serverinfo` tells that is of interest here. */
export const SERVER_INFO = z.object({
  /** Told only to who may manage the realm. */
  systemInfo: z.object({ version: z.string() }).optional(),
  providers: z.object({
    'password-hashing': z
      .object({
        providers: z.record(z.string(), z.object({ operationalInfo: z.record(z.string(), z.string()).optional() })),
      })
      .optional(),
  }),
})

export type ServerInfo = z.output<typeof SERVER_INFO>

/** The settings of a realm. Source: RealmRepresentation of 26.7.3; what is absent is as Keycloak takes it then. */
export const REALM_SETTINGS = z.object({
  /** Absent for who may not see the realm's settings. */
  enabled: z.boolean(),
  editUsernameAllowed: z.boolean().default(false),
  loginWithEmailAllowed: z.boolean().default(false),
  registrationAllowed: z.boolean().default(false),
  registrationEmailAsUsername: z.boolean().default(false),
  browserFlow: z.string().default('browser'),
  bruteForceProtected: z.boolean().default(false),
  permanentLockout: z.boolean().default(false),
  failureFactor: z.number().default(0),
  passwordPolicy: z.string().default(''),
  eventsEnabled: z.boolean().default(false),
  adminEventsEnabled: z.boolean().default(false),
  adminEventsDetailsEnabled: z.boolean().default(false),
  /** Seconds. */
  accessTokenLifespan: z.number().default(0),
})

export type RealmSettings = z.output<typeof REALM_SETTINGS>

const NAMES = z.array(z.string()).default([])

const PROFILE_ATTRIBUTE = z.object({
  name: z.string(),
  /** `{}`: always, by everybody. */
  required: z.object({ roles: NAMES, scopes: NAMES }).optional(),
  permissions: z.object({ view: NAMES, edit: NAMES }).optional(),
  validations: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  multivalued: z.boolean().default(false),
})

export type ProfileAttribute = z.output<typeof PROFILE_ATTRIBUTE>

export const USER_PROFILE = z.object({
  attributes: z.array(PROFILE_ATTRIBUTE).default([]),
  /** What is done with attributes that are not declared; absent: they are hidden. */
  unmanagedAttributePolicy: z.enum(['ENABLED', 'ADMIN_EDIT', 'ADMIN_VIEW']).optional(),
})

export type UserProfile = z.output<typeof USER_PROFILE>

export const IDENTITY_PROVIDER = z.object({
  alias: z.string(),
  /** `oidc`, `saml`, or the name of one of Keycloak's own, such as `google`. */
  providerId: z.string().default(''),
  config: z
    .object({
      /** Absent or empty: none is asked for. Several are separated by commas. */
      issuer: z.string().optional(),
      clientId: z.string().optional(),
      /** Where GitHub is one's own. */
      baseUrl: z.string().optional(),
      /** Of SAML: whether people are known by the subject or by an attribute. */
      principalType: z.string().optional(),
    })
    .default({}),
  enabled: z.boolean().default(true),
  hideOnLogin: z.boolean().default(false),
  /** Only for who is logged in already, to link it. */
  linkOnly: z.boolean().default(false),
})

export type IdentityProvider = z.output<typeof IDENTITY_PROVIDER>

export const REQUIRED_ACTIONS = z.array(
  z.object({
    alias: z.string(),
    enabled: z.boolean().default(false),
    /** Whoever registers is given it. */
    defaultAction: z.boolean().default(false),
  }),
)

export const STORAGE_PROVIDERS = z.array(
  z.object({ name: z.string(), providerId: z.string(), config: z.record(z.string(), z.array(z.string())).default({}) }),
)

/** Clients by which people sign in to apps. */
export const CLIENTS = z.array(
  z.object({
    clientId: z.string(),
    enabled: z.boolean().default(true),
    standardFlowEnabled: z.boolean().default(true),
    redirectUris: z.array(z.string()).default([]),
    protocolMappers: z.array(z.object({ protocolMapper: z.string().default('') })).default([]),
  }),
)

export type SeenClient = z.output<typeof CLIENTS>[number]

/** What the login page of the realm does before it asks for a password. */
export interface SeenLogin {
  /** Whether one of its steps is known to ask for a password. */
  readonly asksForPassword: boolean
  /** Alias of the identity provider to which everybody is sent at once. */
  readonly redirectsTo?: string
}

/** One of realm-management's roles that syn2op cannot do without. */
export type NeededRole = 'manage-realm' | 'manage-users' | 'view-identity-providers'

/** How many rows a table has, and how many the planner takes it for. */
export interface Statistics {
  readonly rows: number
  readonly estimate: number
}

/** What was read of a Keycloak. A part that the client may not read is absent. */
export interface KeycloakSeen {
  /** One for each node that answered otherwise than the others; empty: none may be read. */
  readonly servers: readonly ServerInfo[]
  readonly missingRoles: readonly NeededRole[]
  readonly settings?: RealmSettings
  readonly profile?: UserProfile
  /** Those that keycloak.yaml names, as far as they are there. */
  readonly identityProviders?: readonly IdentityProvider[]
  /** Of those that keycloak.yaml names. */
  readonly missingRealmRoles: readonly string[]
  readonly missingGroups: readonly string[]
  readonly requiredActions?: z.output<typeof REQUIRED_ACTIONS>
  /** Names of the user federations that are switched on. */
  readonly federations: readonly string[]
  readonly users?: { readonly all: number; readonly ours: number }
  readonly canaryClients: readonly string[]
  /** Those that lead back to Synapse or MAS. */
  readonly clients?: readonly SeenClient[]
  readonly login?: SeenLogin
  /** Where keycloak.yaml names a database. */
  readonly statistics?: Statistics | 'no users'
}
