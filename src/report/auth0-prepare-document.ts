import type { PrepareAction, PreparedStep, ShownByHand } from './prepared-step.ts'

/** What `syn2op auth0 prepare` shows, did, or took back. */
export interface Auth0PrepareDocument {
  readonly kind: 'auth0-prepare'
  readonly format: 1
  readonly syn2op: string
  readonly action: PrepareAction
  readonly target: { readonly url: string; readonly connection: string }
  readonly steps: readonly PreparedStep[]
  readonly byHand: readonly ShownByHand[]
  /** The file by which it is taken back. */
  readonly undoFile?: string
}
