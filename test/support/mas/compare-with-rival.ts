import type { Cell } from '../expected-rows/cells.ts'
import { MAS_WRITTEN_TABLES, type MasTable } from '../expected-rows/story-schema.ts'
import type { MasRow, MasRows, SourceRecord } from '../expected-rows.ts'

/** One cell, or one whole row, in which two migrations of the same homeserver differ. */
export interface RivalDifference {
  readonly table: MasTable
  /** The row's natural key, in words. */
  readonly key: string
  /** The column, or `only ours` or `only theirs` for a row that the other has not. */
  readonly what: string
  /** The natural columns of the row; ours where both have it. */
  readonly row: MasRow['columns']
  readonly ours: Cell
  readonly theirs: Cell
}

/** A difference that is meant, with the reason, and the test that it is exactly this one. */
export interface MeantDifference {
  readonly name: string
  readonly why: string
  readonly explains: (difference: RivalDifference, source: SourceIndex) => boolean
}

type Row = Readonly<Record<string, unknown>>

/** The source rows that belong to a row of MAS. */
export interface SourceIndex {
  user(username: Cell | undefined): Row | undefined
  /** Access tokens of a device which are its own: no puppets. */
  tokensOf(username: Cell | undefined, device: Cell | undefined): readonly Row[]
  token(text: Cell | undefined): Row | undefined
  refreshToken(text: Cell | undefined): Row | undefined
  refreshTokenById(id: unknown): Row | undefined
}

const grouped = (rows: readonly Row[], key: (row: Row) => string): ReadonlyMap<string, readonly Row[]> =>
  Map.groupBy(rows, key)

/** Makes the source's rows found by MAS's natural keys. */
export const indexSource = ({ tables }: SourceRecord, serverName: string): SourceIndex => {
  const mxid = (username: Cell | undefined): string => `@${username}:${serverName}`
  const users = new Map(tables.users.map((row) => [row['name'], row]))
  const tokens = new Map(tables.access_tokens.map((row) => [row['token'], row]))
  const refreshTokens = new Map(tables.refresh_tokens.map((row) => [row['token'], row]))
  const byId = new Map(tables.refresh_tokens.map((row) => [String(row['id']), row]))
  const byDevice = grouped(
    tables.access_tokens.filter((row) => row['puppets_user_id'] === null),
    (row) => JSON.stringify([row['user_id'], row['device_id']]),
  )
  return {
    user: (username) => users.get(mxid(username)),
    tokensOf: (username, device) => byDevice.get(JSON.stringify([mxid(username), device])) ?? [],
    token: (text) => tokens.get(text ?? null),
    refreshToken: (text) => refreshTokens.get(text ?? null),
    refreshTokenById: (id) => byId.get(String(id)),
  }
}

const differencesOf = (table: MasTable, ours: readonly MasRow[], theirs: readonly MasRow[]): RivalDifference[] => {
  const [mine, others] = [ours, theirs].map((rows) => new Map(rows.map((row) => [row.key, row])))
  if (mine?.size !== ours.length || others?.size !== theirs.length)
    throw new Error(`${table}: a natural key is there twice`)
  const alone = (row: MasRow, what: 'only ours' | 'only theirs'): RivalDifference => {
    return { table, key: row.key, what, row: row.columns, ours: null, theirs: null }
  }
  return [
    ...ours.filter(({ key }) => !others.has(key)).map((row) => alone(row, 'only ours')),
    ...theirs.filter(({ key }) => !mine.has(key)).map((row) => alone(row, 'only theirs')),
    ...ours.flatMap((row) => {
      const other = others.get(row.key)
      if (other === undefined) return []
      return Object.keys({ ...row.columns, ...other.columns })
        .filter((column) => row.columns[column] !== other.columns[column])
        .map((what) => ({
          table,
          key: row.key,
          what,
          row: row.columns,
          ours: row.columns[what] ?? null,
          theirs: other.columns[what] ?? null,
        }))
    }),
  ]
}

export interface RivalComparison {
  /** Rows of ours that were compared, per table. */
  readonly rows: Readonly<Record<string, number>>
  /** How often each meant difference was seen. */
  readonly meant: Readonly<Record<string, number>>
  /** Differences that nothing explains, in words. */
  readonly unexplained: readonly string[]
}

/**
 * Compares what two programs made of the same homeserver, by natural keys, in every column but the identifiers.
 * Secrets appear in the words: for throw-away databases only.
 */
export const compareWithRival = (
  ours: MasRows,
  theirs: MasRows,
  source: SourceIndex,
  meantDifferences: readonly MeantDifference[],
): RivalComparison => {
  const meant: Record<string, number> = {}
  const unexplained: string[] = []
  for (const difference of MAS_WRITTEN_TABLES.flatMap((table) => differencesOf(table, ours[table], theirs[table]))) {
    const found = meantDifferences.find(({ explains }) => explains(difference, source))
    if (found !== undefined) meant[found.name] = (meant[found.name] ?? 0) + 1
    else {
      const { table, key, what, ours: mine, theirs: other } = difference
      unexplained.push(`${table}: ${key}: ${what}: ours ${JSON.stringify(mine)}, theirs ${JSON.stringify(other)}`)
    }
  }
  return {
    rows: Object.fromEntries(MAS_WRITTEN_TABLES.map((table) => [table, ours[table].length])),
    meant,
    unexplained,
  }
}
