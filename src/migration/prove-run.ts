import type { RunProof } from '../report/run-parts.ts'
import type { Outcome } from '../targets/changes.ts'
import type { ChosenRoad } from './choose-road.ts'
import type { ScopedBatch } from './converge.ts'
import type { RunWork } from './migrate.ts'
import { wrongRows } from './wrong-rows.ts'

/** Compares what a run has written, batch by batch, as far as its kind is proved. */
export interface RunProver {
  batch(batch: ScopedBatch, outcomes: readonly Outcome[]): Promise<void>
  /** Of the whole run; undefined where its kind is not proved, or nothing was. */
  result(): Promise<RunProof | undefined>
}

/**
 * A final run is proved: the accounts it looked at in every column, all others by their keys. A part of the accounts on
 * its way into a copy is proved in every column, as a copy of everybody is when it is made.
 */
export const runProver = ({ road, chosen, request }: Pick<RunWork, 'road' | 'chosen' | 'request'>): RunProver => {
  const proves = provedParts(chosen)
  let rows = 0
  let wrong = 0
  return {
    batch: async ({ accounts, source }, outcomes) => {
      // What was refused is not there, and is told as refused; a final run is not final then.
      if (proves === 'nothing' || (proves === 'rows' && !outcomes.every(hasArrived))) return
      const { tables } = await road.verify({ ...source, accounts: accounts.map(({ mxid }) => mxid) })
      rows += tables.reduce((sum, { wanted }) => sum + wanted, 0)
      wrong += wrongRows(tables)
    },
    result: async () => {
      if (proves === 'rows' && rows + wrong > 0) return { rows, wrongRows: wrong, keys: rows, differingBuckets: 0 }
      if (proves !== 'rows and keys') return undefined
      const { tables } = await road.proveKeys({ signal: request.signal })
      return {
        rows,
        wrongRows: wrong,
        keys: tables.reduce((sum, { wanted }) => sum + wanted, 0),
        differingBuckets: tables.reduce((sum, one) => sum + one.differingBuckets, 0),
      }
    },
  }
}

const provedParts = ({ kind, part }: Pick<ChosenRoad, 'kind' | 'part'>): 'nothing' | 'rows' | 'rows and keys' => {
  if (kind === 'final') return 'rows and keys'
  return kind === 'online' && part !== undefined ? 'rows' : 'nothing'
}

/** Or is held back by its decision: then nothing of it is wanted. */
const hasArrived = ({ outcome, message }: Outcome): boolean =>
  outcome === 'held back' ? message === undefined : outcome !== 'rejected' && outcome !== 'not attempted'
