import type { PrepareAction, PreparedStep, ShownByHand } from './prepared-step.ts'

/** What an application must be told to sign people in by Keycloak. */
export interface ShownWiring {
  readonly application: 'synapse' | 'mas'
  readonly file: string
  /** YAML; its client secret is named by a file. */
  readonly block: string
}

/** What `syn2op keycloak prepare` shows, did, or took back. */
export interface KeycloakPrepareDocument {
  readonly kind: 'keycloak-prepare'
  readonly format: 1
  readonly syn2op: string
  readonly action: PrepareAction
  readonly target: { readonly url: string; readonly realm: string }
  readonly steps: readonly PreparedStep[]
  readonly byHand: readonly ShownByHand[]
  readonly wirings: readonly ShownWiring[]
  /** The file by which it is taken back. */
  readonly undoFile?: string
  /** Where a new realm was written to, or what is added to one that exists and changes. */
  readonly realmFile?: string
}
