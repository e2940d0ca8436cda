/** A field of something at Keycloak, and what becomes of it; absent: it is not there. */
export interface ShownField {
  /** Dotted, such as `attributes.email.required`. */
  readonly field: string
  readonly before?: unknown
  readonly after?: unknown
}

/** A request of the Admin API, without secrets. */
export interface ShownRequest {
  readonly method: 'POST' | 'PUT' | 'DELETE'
  /** Below the realm, or from the root of Keycloak where it begins with `//`. */
  readonly path: string
  /** Absent where a document is read, changed in the fields shown, and written back. */
  readonly body?: Readonly<Record<string, unknown>>
}

/** One thing that `keycloak prepare` does, has done, or takes back. */
export interface PreparedStep {
  readonly id: string
  /** create: something new. change: fields of what is there. run: something that leaves no trace in the realm. */
  readonly kind: 'create' | 'change' | 'run'
  readonly what: string
  /** Absent in what is taken back. */
  readonly why?: string
  readonly fields: readonly ShownField[]
  readonly requests: readonly ShownRequest[]
  /** The requests that take it back, or why there are none. */
  readonly inverse: readonly ShownRequest[] | string
  /** What to do elsewhere because of it. */
  readonly notes: readonly string[]
  /** Absent: it is only shown. nothing: there was nothing of it left to take back. left: somebody else's by now. */
  readonly outcome?: 'done' | 'failed' | 'not attempted' | 'undone' | 'nothing' | 'left'
  /** What came of it, or why it stays. */
  readonly note?: string
}

/** What only people can do. */
export interface ShownByHand {
  readonly id: string
  readonly what: string
  readonly why: string
  readonly lines: readonly string[]
}

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
  /** plan: nothing was written. applied: steps were done. undo: shows what would be taken back. undone: it was. */
  readonly action: 'plan' | 'applied' | 'undo' | 'undone'
  readonly target: { readonly url: string; readonly realm: string }
  readonly steps: readonly PreparedStep[]
  readonly byHand: readonly ShownByHand[]
  readonly wirings: readonly ShownWiring[]
  /** The file by which it is taken back. */
  readonly undoFile?: string
  /** Where a new realm was written to, or what is added to one that exists and changes. */
  readonly realmFile?: string
}
