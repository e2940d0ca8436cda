import { encodedPath } from '../../http/encoded-path.ts'
import type { FieldChange } from '../../prepare/field-change.ts'
import { writeField } from '../../prepare/json-field.ts'
import type { Method } from '../api/purposes.ts'

type Options = Readonly<Record<string, unknown>>

/** What a step does, to the connection of this name. */
export type StepWork =
  /** It is made anew. */
  | { readonly kind: 'create connection'; readonly options: Options }
  /** Fields below its `options`, which are read, changed and written back as a whole: Auth0 replaces them all. */
  | { readonly kind: 'change options'; readonly changes: readonly FieldChange[] }
  /** An application may use it. */
  | { readonly kind: 'enable application'; readonly client: string }
  /** With Auth0's own mapping, and its own attribute of the user id unless another is said. */
  | { readonly kind: 'set up SCIM'; readonly userIdAttribute?: string }

/** One thing to do at Auth0 before people can be moved. */
export interface PrepareStep {
  /** Of all steps only one has it: `options people`. */
  readonly id: string
  /** What is done, in a line. */
  readonly what: string
  /** What it is good for, in a line. */
  readonly why: string
  /** The name of the connection. */
  readonly connection: string
  readonly work: StepWork
  /** What else comes of it. */
  readonly notes: readonly string[]
}

export interface PrepareRequest {
  readonly method: Exclude<Method, 'GET'>
  /** Below /api/v2. */
  readonly path: string
  /** Absent where options are read, changed in the fields shown, and written back. */
  readonly body?: unknown
}

/** Where a connection is whose id nobody knows yet. */
const UNKNOWN = '{id}'

/** @param id of the connection; undefined: it is not there yet */
export const requestOf = (
  { connection, work }: Pick<PrepareStep, 'connection' | 'work'>,
  id: string = UNKNOWN,
): PrepareRequest => {
  const path = id === UNKNOWN ? `connections/${id}` : encodedPath`connections/${id}`
  switch (work.kind) {
    case 'create connection':
      return { method: 'POST', path: 'connections', body: newConnection(connection, work.options) }
    case 'change options':
      // The other options go along, and some are secrets.
      return { method: 'PATCH', path }
    case 'enable application':
      return { method: 'PATCH', path: `${path}/clients`, body: [{ client_id: work.client, status: true }] }
    case 'set up SCIM':
      return { method: 'POST', path: `${path}/scim-configuration`, body: userIdOf(work) }
  }
}

/** The opposite, without the look at what is there that comes before it. */
export const inverseOf = (step: Pick<PrepareStep, 'connection' | 'work'>, id: string = UNKNOWN): PrepareRequest => {
  const { work } = step
  const path = id === UNKNOWN ? `connections/${id}` : encodedPath`connections/${id}`
  switch (work.kind) {
    case 'create connection':
      return { method: 'DELETE', path }
    case 'change options':
      return { method: 'PATCH', path }
    case 'enable application':
      return { method: 'PATCH', path: `${path}/clients`, body: [{ client_id: work.client, status: false }] }
    case 'set up SCIM':
      return { method: 'DELETE', path: `${path}/scim-configuration` }
  }
}

const userIdOf = ({ userIdAttribute }: { readonly userIdAttribute?: string }) =>
  userIdAttribute === undefined ? {} : { user_id_attribute: userIdAttribute }

/** The strategy of database connections. */
export const DATABASE = 'auth0'

export const newConnection = (name: string, options: Options) => ({ name, strategy: DATABASE, options })

/** Options with these fields as they are after the changes. */
export const changed = (options: Options, changes: readonly FieldChange[]): Options =>
  Object.fromEntries(
    Object.entries(
      Object(changes.reduce<unknown>((document, { at, after }) => writeField(document, at, after), options)),
    ),
  )
