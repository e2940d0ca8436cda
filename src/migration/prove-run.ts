import type { RunProof } from '../report/run-parts.ts'
import type { Outcome } from '../targets/changes.ts'
import type { RoadHistory } from '../targets/road-history.ts'
import type { ChosenRoad } from './choose-road.ts'
import type { ScopedBatch } from './converge.ts'
import type { RunWork } from './migrate.ts'
import { wrongRows } from './wrong-rows.ts'

/** Compares what a run has written, batch by batch, as far as its kind is proved. */
export interface RunProver {
  /** Some of which may not be what it should be until the run ended, and more than that if it dies. */
  readonly compares: boolean
  /** What another process wrote for this run may not have been compared, or have been found wrong: it is looked at again. */
  readonly startsOver: boolean
  batch(batch: ScopedBatch, outcomes: readonly Outcome[]): Promise<void>
  /** Of the whole run; undefined where its kind is not proved, or nothing was. */
  result(): Promise<RunProof | undefined>
  /** Accounts that did not arrive, and are told as such. */
  absent(): readonly string[]
  /** All that it wrote so far, by whichever process, was compared and is as it should be. */
  isRight(): boolean
}

/**
 * A final run is proved: the accounts it looked at in every column, all others by their keys. Accounts on their way into a
 * copy are proved in every column, as a copy of everybody is when it is made: a part of them, and by the first run of
 * everybody whoever is left.
 */
export const runProver = ({
  road,
  chosen,
  request,
  prepared: { history },
  identity: { runId },
}: Pick<RunWork, 'road' | 'chosen' | 'request' | 'prepared' | 'identity'>): RunProver => {
  const proves = provedParts(chosen, history)
  const startsOver = proves === 'rows' && history?.unproved?.runId === runId
  const absent: string[] = []
  let rows = 0
  let wrong = 0
  return {
    compares: proves === 'rows',
    startsOver,
    absent: () => absent,
    // Beyond a limit nobody is looked at again.
    isRight: () => proves === 'rows' && wrong === 0 && !(startsOver && request.limit !== undefined),
    batch: async ({ accounts, source }, outcomes) => {
      const left = new Set(outcomes.filter((one) => !hasArrived(one)).map(({ mxid }) => mxid))
      absent.push(...left)
      if (proves === 'nothing') return
      // What was refused is not there, and is told as refused; a final run is not final then.
      const compared = accounts.flatMap(({ mxid }) => (proves === 'rows' && left.has(mxid) ? [] : [mxid]))
      if (compared.length === 0) return
      const { tables } = await road.verify({ ...source, accounts: compared, signal: request.signal })
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

const provedParts = (
  { kind, part }: Pick<ChosenRoad, 'kind' | 'part'>,
  history: RoadHistory | undefined,
): 'nothing' | 'rows' | 'rows and keys' => {
  if (kind === 'final') return 'rows and keys'
  return kind === 'online' && (part !== undefined || history?.partial === true) ? 'rows' : 'nothing'
}

/** Or is held back by its decision: then nothing of it is wanted. */
const hasArrived = ({ outcome, message }: Outcome): boolean =>
  outcome === 'held back' ? message === undefined : outcome !== 'rejected' && outcome !== 'not attempted'
