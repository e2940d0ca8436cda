/** What `syn2op auth0 action` found, or did. */
export interface Auth0ActionDocument {
  readonly kind: 'auth0-action'
  readonly format: 1
  readonly syn2op: string
  readonly target: { readonly url: string }
  /** The Action's name at the tenant. */
  readonly name: string
  /** Names of the connections whose people it links. */
  readonly connections: readonly string[]
  /** `runs`: as this version has it, at every login. Before anything was done. */
  readonly found: 'absent' | 'other code' | 'not bound' | 'runs'
  /** In words, what was done; empty where nothing was. */
  readonly done: readonly string[]
  /** Scopes of the Action's application that it does not need. */
  readonly needless: readonly string[]
}
