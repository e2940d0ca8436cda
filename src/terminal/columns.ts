/** Columns where nobody says how wide a terminal is. */
const UNKNOWN = 100

type Environment = Readonly<Record<string, string | undefined>>

/**
 * How wide a stream's terminal is; some terminals, and what stands between them and us, say 0 for "not known". Where there is none,
 * COLUMNS of the environment, as pagers and other programs set it.
 */
export const columnsOf = ({ columns }: { readonly columns?: number | undefined }, env: Environment): number => {
  if (columns !== undefined && columns > 0) return columns
  const given = env['COLUMNS'] ?? ''
  return /^[1-9]\d{0,3}$/u.test(given) ? Number(given) : UNKNOWN
}

/** Where a line is cut that has to be one line: at a terminal's edge; in a file, or for another program, nowhere. */
export const columnsToCutAt = (
  stream: { readonly isTTY?: boolean; readonly columns?: number | undefined },
  env: Environment,
): number => (stream.isTTY === true ? columnsOf(stream, env) : Number.POSITIVE_INFINITY)
