import type { ShownField } from '../../report/prepared-step.ts'
import { type FieldPath, fieldWords } from './json-field.ts'

/** A field of something at a target, before and after; absent: it is not there. */
export interface FieldChange {
  readonly at: FieldPath
  readonly before?: unknown
  readonly after?: unknown
}

/** The same the other way round. */
export const turnedRound = ({ at, before, after }: FieldChange): FieldChange => ({
  at,
  ...(after === undefined ? {} : { before: after }),
  ...(before === undefined ? {} : { after: before }),
})

export const shownField = ({ at, before, after }: FieldChange): ShownField => ({
  field: fieldWords(at),
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
})

/** What a new thing is made of, as far as there is something in it. */
export const madeOf = (body: Readonly<Record<string, unknown>>): readonly ShownField[] =>
  Object.entries(body)
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([field, after]) => ({ field, after }))
