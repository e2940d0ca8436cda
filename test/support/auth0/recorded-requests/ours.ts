import { isObject } from '../../../../src/rehearsal/standins/auth0/json.ts'
import type { ApiRequest, Given, Step } from '../../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { EVERY_IDENTIFIER } from '../config.ts'
import { operationOf } from './operation.ts'

export type Row = Readonly<Record<string, unknown>>

/** The requests that the program sends, by what they do. */
export interface Ours {
  /** Such as `PATCH /api/v2/users/*`. */
  readonly operations: ReadonlySet<string>
  /** The first of these that is so. @throws where none was sent */
  request(operation: string, isWanted?: (request: ApiRequest) => boolean): ApiRequest
  readonly requests: (operation: string) => readonly ApiRequest[]
  /** Rows of the first file that is imported, of two people. */
  readonly anna: Row
  readonly berta: Row
  /** An import of these rows as the program sends one, which waits for the job; `fields` are others of its form. */
  importing(rows: readonly unknown[], fields?: Readonly<Record<string, string | null>>): ImportStep
  /** The same without waiting. */
  submitting(rows: readonly unknown[]): ApiRequest
}

type ImportStep = Extract<Step, { readonly kind: 'import' }>

/** The tenant that people move to: one where nobody needs an address. */
export const HOME: Given = { connection: { options: EVERY_IDENTIFIER } }

const IMPORT = 'POST /api/v2/jobs/users-imports'

const rowsOf = (file: string | undefined): readonly Row[] => {
  const rows: unknown = JSON.parse(file ?? '[]')
  return Array.isArray(rows) ? rows.filter(isObject) : []
}

export const oursOf = (sent: readonly ApiRequest[]): Ours => {
  const byOperation = Map.groupBy(sent, operationOf)
  const request: Ours['request'] = (operation, isWanted = () => true) => {
    const found = byOperation.get(operation)?.find(isWanted)
    if (found === undefined) throw new Error(`the program sends no such ${operation}`)
    return found
  }
  const first = request(IMPORT)
  const { users, ...fields } = first.multipart ?? {}
  const [anna, berta] = rowsOf(users)
  if (anna === undefined || berta === undefined) throw new Error('the first import is not of two people')
  return {
    operations: new Set(byOperation.keys()),
    request,
    requests: (operation) => byOperation.get(operation) ?? [],
    anna,
    berta,
    importing: (rows, others = {}) => ({ kind: 'import', rows, fields: { ...fields, ...others } }),
    submitting: (rows) => ({ ...first, multipart: { ...fields, users: JSON.stringify(rows) } }),
  }
}
