import pg from 'pg'

const INT8_OID = 20

/**
 * A bigint of PostgreSQL as a number. Raises when the number would not be exact: better no answer than a wrong count.
 */
export const parseInt8 = (text: string): number => {
  const value = Number(text)
  if (Number.isSafeInteger(value)) return value
  throw new RangeError(`The bigint ${text} is beyond the safe integers; select it as text`)
}

/** The parsers of a client of ours: node-postgres's own, but for bigint. */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8_OID && format !== 'binary'
      ? parseInt8
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}
