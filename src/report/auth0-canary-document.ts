/** One thing that only a tenant can confirm, and what it did. */
export interface CanaryClaim {
  readonly id: string
  /** As syn2op takes it to be. */
  readonly says: string
  /** `not asked`: it could not be, for the reason that `seen` says. */
  readonly verdict: 'confirmed' | 'refuted' | 'not asked'
  /** What the tenant did, without a secret. */
  readonly seen: string
  /** What to do where it is refuted. */
  readonly otherwise?: string
}

/** What `syn2op auth0 canary` found out. */
export interface CanaryDocument {
  readonly kind: 'auth0-canary'
  readonly format: 1
  readonly syn2op: string
  readonly target: { readonly url: string; readonly connection: string }
  /** What the names of this trial's users hold. */
  readonly tag: string
  readonly claims: readonly CanaryClaim[]
  /** What became of the users that were made. */
  readonly probes: 'removed' | 'perhaps left' | 'kept'
}
