import type { FieldChange } from '../../prepare/field-change.ts'
import type { Keeper } from './keeper.ts'

export type JsonMap = Readonly<Record<string, unknown>>

/** What a step does. Paths stand below the realm, or below the server where they begin with `//`. */
export type StepWork =
  | {
      readonly kind: 'create'
      /** Where it is posted to. */
      readonly collection: string
      /** Where it then is. */
      readonly path: string
      /** Without secrets. */
      readonly body: JsonMap
    }
  | {
      /**
       * The document is read, changed and written back as a whole: of a realm Keycloak sets some fields that are not sent to what
       * they are in a new one (oauth2DeviceCodeLifespan, cibaExpiresIn, parRequestUriLifespan; 26.7.3).
       */
      readonly kind: 'change'
      readonly path: string
      readonly changes: readonly FieldChange[]
    }
  | { readonly kind: 'statistics' }

/** One thing to do at Keycloak before people can be loaded. */
export interface PrepareStep {
  /** Of all steps only one has it: `user-profile`, `identity-provider google`. */
  readonly id: string
  /** What is done, in a line. */
  readonly what: string
  /** What it is good for, in a line. */
  readonly why: string
  readonly work: StepWork
  /** Why there is no way back; absent: there is one. */
  readonly noWayBack?: string
  /** While one of them needs it, it is not taken back. */
  readonly keepers: readonly Keeper[]
  /** What to do elsewhere because of it. */
  readonly notes: readonly string[]
}

/** What only people can do. */
export interface StepByHand {
  readonly id: string
  readonly what: string
  readonly why: string
  /** Ready to be typed. */
  readonly lines: readonly string[]
}

export interface PrepareRequest {
  readonly method: 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: JsonMap
}

/** What is sent, without secrets. Of a document that is written back whole: its fields that change. */
export const requestsOf = ({ work }: Pick<PrepareStep, 'work'>): readonly PrepareRequest[] => {
  if (work.kind === 'statistics') return []
  if (work.kind === 'create') return [{ method: 'POST', path: work.collection, body: work.body }]
  return [{ method: 'PUT', path: work.path }]
}

/** The opposite, without the look at what is there that comes before it. */
export const inverseOf = ({ work }: Pick<PrepareStep, 'work'>): readonly PrepareRequest[] => {
  if (work.kind === 'create') return [{ method: 'DELETE', path: work.path }]
  return requestsOf({ work })
}
