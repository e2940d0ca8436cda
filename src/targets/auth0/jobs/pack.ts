/** One user of an import, as the letters that are sent. Holds secrets. */
export interface PackedRow {
  /** The id of the user that it makes. */
  readonly id: string
  /** A JSON object. */
  readonly json: string
}

export interface Packed {
  /** About equal in bytes; where there are several, an even number, since two jobs run at once. */
  readonly files: readonly (readonly PackedRow[])[]
  /** They would not fit into any file. */
  readonly tooLarge: readonly PackedRow[]
}

/**
 * Auth0 takes 512,000 bytes in one request, whatever surrounds the file among them: one that is above that is sent in vain, and some
 * bytes below it cost nothing.
 */
export const FILE_BYTES = 499_000

/** A JSON array of these rows. */
export const fileOf = (rows: readonly PackedRow[]): Buffer => Buffer.from(`[${rows.map(({ json }) => json).join(',')}]`)

const BRACKETS = 2
const COMMA = 1

/**
 * Spreads rows over files of at most so many bytes. The same rows in the same order always come into the same files.
 * @param limit of a whole file, in bytes
 */
export const packRows = (rows: readonly PackedRow[], limit: number): Packed => {
  const room = limit - BRACKETS
  const sized = rows.map((row) => ({ row, bytes: Buffer.byteLength(row.json) + COMMA }))
  const tooLarge = sized.filter(({ bytes }) => bytes - COMMA > room).map(({ row }) => row)
  const fitting = sized.filter(({ bytes }) => bytes - COMMA <= room)
  const total = fitting.reduce((sum, { bytes }) => sum + bytes, 0)
  for (let count = even(Math.ceil(total / room)); ; count += count === 1 ? 1 : 2) {
    const files = spread(fitting, count)
    if (files.every(({ bytes }) => bytes - COMMA <= room)) {
      return { files: files.flatMap((file) => (file.rows.length === 0 ? [] : [file.rows])), tooLarge }
    }
  }
}

const even = (count: number): number => (count <= 1 ? 1 : count + (count % 2))

interface Sized {
  readonly row: PackedRow
  readonly bytes: number
}

/** The largest first, each to the file that has least: so the files end about equal. Each keeps the order of its rows. */
const spread = (
  rows: readonly Sized[],
  count: number,
): readonly { readonly bytes: number; readonly rows: readonly PackedRow[] }[] => {
  const files = Array.from({ length: count }, () => ({ bytes: 0, places: new Set<number>() }))
  const places = rows.keys().toArray()
  places.sort((a, b) => bytesOf(rows[b]) - bytesOf(rows[a]) || a - b)
  for (const place of places) {
    const least = files.reduce((one, other) => (other.bytes < one.bytes ? other : one))
    least.bytes += bytesOf(rows[place])
    least.places.add(place)
  }
  return files.map((file) => ({
    bytes: file.bytes,
    rows: rows.flatMap(({ row }, place) => (file.places.has(place) ? [row] : [])),
  }))
}

const bytesOf = (row: Sized | undefined): number => row?.bytes ?? 0
