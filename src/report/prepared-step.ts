/** A field of something at a target, and what becomes of it; absent: it is not there. */
export interface ShownField {
  /** Dotted, such as `attributes.email.required`. */
  readonly field: string
  readonly before?: unknown
  readonly after?: unknown
}

/** A request of a target's administration API, without secrets. */
export interface ShownRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Keycloak: below the realm, or from the root where it begins with `//`. Auth0: below /api/v2. */
  readonly path: string
  /** Absent where a document is read, changed in the fields shown, and written back. */
  readonly body?: unknown
}

/** One thing that `prepare` of a target does, has done, or takes back. */
export interface PreparedStep {
  readonly id: string
  /** create: something new. change: fields of what is there. run: something that leaves no trace there. */
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

/** plan: nothing was written. applied: steps were done. undo: shows what would be taken back. undone: it was. */
export type PrepareAction = 'plan' | 'applied' | 'undo' | 'undone'
