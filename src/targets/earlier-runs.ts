import type { Stoppable } from './target.ts'

/** What a target writes down for later runs into it, of which it is given the same. Never a secret. */
export interface Notes {
  /** Where they are kept, for messages; absent: in no file. */
  readonly file?: string
  /** By key. */
  all(): Promise<ReadonlyMap<string, string>>
  /**
   * On the disk before it returns.
   * @param text undefined: there is to be none of this key
   */
  set(key: string, text: string | undefined): Promise<void>
}

/** What earlier runs have left, for the next one. */
export interface EarlierRuns extends Stoppable {
  /** For as long as this run works. */
  readonly notes: Notes
  /** Tells whoever watches what is waited for. */
  readonly note: (message: string) => void
  /** For as long as this run works: as that of `ProgressListener`. */
  readonly atWork?: (words: string | undefined) => void
  /** Gives what is to be done when this run has ended, as long as there are notes; the last that is given counts. Its failure is nobody's. */
  readonly atEnd?: (step: () => Promise<void>) => void
}
