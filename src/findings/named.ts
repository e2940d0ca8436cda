/** How many, and who some of them are. */
export interface Named {
  readonly count: number
  /** Matrix ids, the first in their order. */
  readonly samples: readonly string[]
}

/** Counts accounts that are told one by one, in any order. */
export interface Tally {
  add(mxid: string): void
  named(): Named
}

const SAMPLES = 3

export const tally = (): Tally => {
  let count = 0
  let samples: readonly string[] = []
  return {
    add: (mxid) => {
      count++
      const last = samples.at(-1)
      if (samples.length < SAMPLES || (last !== undefined && mxid < last)) {
        samples = [...samples, mxid].toSorted().slice(0, SAMPLES)
      }
    },
    named: () => ({ count, samples }),
  }
}
