/** Where a value stands: a file, line and column (both from 1). */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

export interface LocatedMap {
  readonly kind: 'map'
  readonly at: Place
  readonly entries: ReadonlyMap<string, Located>
  /** Where each key stands, by its name: a section or a list begins in a line below it. */
  readonly keys: ReadonlyMap<string, Place>
  /** It is written as `{ … }`, so that a line of it may hold several keys. */
  readonly inBraces?: true
}

export interface LocatedList {
  readonly kind: 'list'
  readonly at: Place
  readonly items: readonly Located[]
}

export interface LocatedScalar {
  readonly kind: 'scalar'
  readonly at: Place
  readonly value: string | number | bigint | boolean | null
}

/** A value of a YAML file that knows where it stands, so that whatever is wrong with it can be shown there. */
export type Located = LocatedMap | LocatedList | LocatedScalar
