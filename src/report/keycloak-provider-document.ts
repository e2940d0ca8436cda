/** What `syn2op keycloak provider` wrote. */
export interface KeycloakProviderDocument {
  readonly kind: 'keycloak-provider'
  readonly format: 1
  readonly syn2op: string
  /** Absolute path. */
  readonly file: string
  /** replaced: another file of that name was there. unchanged: the same was there. */
  readonly outcome: 'written' | 'replaced' | 'unchanged'
  /** The provider's own version. */
  readonly version: string
  readonly bytes: number
  /** Of the file, hexadecimal. */
  readonly sha256: string
  /** The setting of Keycloak that takes the pepper of Synapse. */
  readonly pepperSetting: string
  /** What to do next, in order. */
  readonly next: readonly string[]
}
