import type { Bound } from '../../targets/progress.ts'

/** What a run waits for while it works. */
type Waiting = Exclude<Bound, 'paused'>

/** Milliseconds by what they were spent on, summed over all lanes; what is long ago counts less. */
export type TimeSpent = Readonly<Partial<Record<Waiting, number>>> & { readonly batches: number }

export const nothingSpent: TimeSpent = { batches: 0 }

const KEPT = 0.85

/** Until then one batch, the first of all, would say it. */
const ENOUGH = 2

const KINDS = ['source', 'target', 'network', 'quota', 'rate'] as const satisfies readonly Waiting[]

/** A batch has ended, and all before it counts a little less. */
export const spend = (spent: TimeSpent, more: Readonly<Partial<Record<Waiting, number>>>): TimeSpent => ({
  ...Object.fromEntries(KINDS.map((kind) => [kind, (spent[kind] ?? 0) * KEPT + (more[kind] ?? 0)])),
  batches: spent.batches + 1,
})

/** Where most of the time goes; undefined until enough is known. */
export const boundOf = (spent: TimeSpent): Waiting | undefined => {
  if (spent.batches < ENOUGH) return undefined
  const [first] = KINDS.toSorted((a, b) => (spent[b] ?? 0) - (spent[a] ?? 0))
  return first === undefined || (spent[first] ?? 0) <= 0 ? undefined : first
}
