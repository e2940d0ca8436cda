/** What is noted at a user of one row that we wrote. */
export interface RowMark {
  readonly digest: string
  /** The run that created the row; absent: the one that created the user. */
  readonly run?: string
}

export const runOf = (mark: RowMark | undefined): Pick<RowMark, 'run'> =>
  mark?.run === undefined ? {} : { run: mark.run }
