/** What a run's file says of the run itself. */
export interface JournalHead {
  readonly runId: string
  readonly target: string
  readonly location: string
  readonly serverName: string
  /** Milliseconds since 1970. */
  readonly asOf: number
  readonly mappingSha256: string
  /** The only cohort that it looks at; absent: everybody. */
  readonly cohort?: string
  /** At most so many accounts; absent: all. */
  readonly limit?: number
  /** The run that it goes on with. */
  readonly resumes?: string
  /**
   * deciding: nothing was sent yet. open: begun and not finished. taking back: a rollback of it has begun, and some of it may
   * stand. taken back: none of it stands. rollback: it takes another run back.
   */
  readonly state: 'deciding' | 'open' | 'done' | 'taking back' | 'taken back' | 'rollback'
}

/** @returns undefined where the run had not been entered. */
export const toHead = (rows: readonly Readonly<Record<string, unknown>>[]): JournalHead | undefined => {
  const found = Object.fromEntries(rows.map((row) => [row['name'], row['value']]))
  if (found['runId'] === undefined) return undefined
  const { asOf, limit, ...head } = found
  return {
    ...(head as unknown as JournalHead),
    asOf: Number(asOf),
    ...(limit === undefined ? {} : { limit: Number(limit) }),
  }
}
