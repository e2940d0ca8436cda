/** What of the configuration decides how an account becomes a user. */
export interface UserRules {
  readonly realm: string
  readonly roles: readonly string[]
  readonly groups: readonly string[]
  /** In addition, for administrators of Synapse. */
  readonly admins: { readonly roles: readonly string[]; readonly groups: readonly string[] }
  readonly requiredActions: readonly string[]
  readonly attributes: AttributeNames
}

/** Names of the attributes for what Keycloak has no field for. */
export interface AttributeNames {
  readonly emails: string
  readonly phones: string
}

/** Attributes by which a user is known as ours; administrators alone may see and edit them. */
export const MARKS = {
  /** The source's server name. */
  server: 'syn2op_server',
  /** The run that created the user, and those that created rows of it later. */
  run: 'syn2op_run',
  /** What we last wrote of the user: see marks.ts. */
  written: 'syn2op_written',
} as const

export const MARK_NAMES: readonly string[] = Object.values(MARKS)
