import type { EndDescription } from './documents.ts'

/** Where an end is, in one line; one that is no database has neither schema nor server. */
export const placeOf = ({ location, schema, postgres }: EndDescription): string =>
  [
    location,
    ...(schema === NONE ? [] : [`schema ${schema}`]),
    ...(postgres === NONE ? [] : [`PostgreSQL ${postgres}`]),
  ].join(', ')

const NONE = 'none'
