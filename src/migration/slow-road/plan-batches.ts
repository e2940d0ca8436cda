import { sql } from 'kysely'
import type { Client } from 'pg'
import { run } from '../../postgres/statement.ts'
import type { AccountChange } from '../../targets/changes.ts'
import type { ProgressListener } from '../../targets/progress.ts'
import type { Stoppable, Target, Watched } from '../../targets/target.ts'
import type { Prepared } from '../prepare.ts'
import { attempt } from './attempt.ts'
import { countLooks } from './count-looks.ts'
import { decideEverybody } from './decide-everybody.ts'
import { inLanes } from './lanes.ts'
import type { LookedAt } from './looked-at.ts'
import { type DecidableSource, readBatch } from './read-batch.ts'

/**
 * Plans over the accounts of the source that are looked at and over those who left it, and tells what would become of
 * each. Writes nothing.
 * @returns `waiting`: how many are not looked at; `nameless`: how many that are looked at have no name: they are held back, and no target is asked about them.
 */
export const planBatches = async (
  { target, readers }: Pick<Prepared, 'target' | 'readers'>,
  source: DecidableSource,
  {
    gone,
    looked,
    proof,
    signal,
    progress,
    planned,
  }: {
    readonly gone: ReadonlySet<string>
    readonly looked: LookedAt
    /** Whether it is asked for a proof. */
    readonly proof?: true
    readonly signal: AbortSignal
    /** Told how many of them all are looked at. */
    readonly progress: Pick<ProgressListener, 'advance'>
    /** @param reader a connection to the source that is idle meanwhile. */
    readonly planned: (changes: readonly AccountChange[], reader: Client) => void | Promise<void>
  },
): Promise<{ readonly nameless: number; readonly waiting: number }> => {
  const [first] = readers
  if (first === undefined) throw new TypeError('a snapshot needs at least one reader')
  const names = new Set<string>([...gone].filter((mxid) => looked.isLookedAt(looked.cohortOfGone(mxid), mxid)))
  let nameless = 0
  let waiting = 0
  for await (const page of decideEverybody(first, source, looked.members)) {
    for (const { mxid, cohort } of page) {
      const isLookedAt = looked.isLookedAt(cohort, mxid)
      if (!isLookedAt) waiting++
      if (mxid === null) nameless += Number(isLookedAt)
      else if (isLookedAt) names.add(mxid)
      else names.delete(mxid)
    }
  }
  await endSnapshot(readers)
  const thoroughness = proof === undefined ? {} : { proof }
  const count = countLooks(names.size, progress)
  const waits = await planAll(
    [...names],
    async (own, { reader, ordinal, signal: stop }) => {
      const looks = count.batch(own.length)
      const accounts = await planOne(target, {
        reader,
        source,
        signal: stop,
        ordinal,
        names: own,
        looked: looks.looked,
        ...thoroughness,
      })
      await planned(
        accounts.filter((one) => one.waits !== true),
        reader,
      )
      looks.ended()
      return accounts.flatMap((one) => (one.waits === true ? [one.mxid] : []))
    },
    { target, readers, signal },
  )
  // By now it is known what becomes of everybody they wait for.
  await planAll(
    waits,
    async (own, { reader, ordinal, signal: stop }) => {
      await planned(
        await planOne(target, { reader, source, signal: stop, ordinal, names: own, last: true, ...thoroughness }),
        reader,
      )
      return []
    },
    { target, readers, signal },
  )
  return { nameless, waiting }
}

interface BatchToPlan extends Stoppable, Watched {
  readonly reader: Client
  readonly source: DecidableSource
  readonly ordinal: number
  readonly names: readonly string[]
  readonly last?: true
  readonly proof?: true
}

const planOne = (
  target: Target,
  { reader, source, signal, ordinal, names, last, proof, looked }: BatchToPlan,
): Promise<readonly AccountChange[]> =>
  attempt(
    async () => {
      const { batch } = await readBatch(reader, source, { ordinal, names })
      const changes = await target.plan(batch, {
        signal,
        ...(last === undefined ? {} : { last }),
        ...(proof === undefined ? {} : { proof }),
        ...(looked === undefined ? {} : { looked }),
      })
      await changes.discard()
      return changes.accounts
    },
    { signal },
  )

/** Batch by batch, each reader at one; of what each tells, in their order. After a failure no batch goes on beside what follows it. */
const planAll = async (
  names: readonly string[],
  plan: (
    own: readonly string[],
    at: Stoppable & { readonly reader: Client; readonly ordinal: number },
  ) => Promise<readonly string[]>,
  { target, readers, signal }: Pick<Prepared, 'target' | 'readers'> & Stoppable,
): Promise<readonly string[]> => {
  const count = Math.ceil(names.length / target.batchSize)
  const told: (readonly string[])[] = []
  let next = 0
  const lane = async (reader: Client, stop: AbortSignal): Promise<void> => {
    while (next < count) {
      stop.throwIfAborted()
      const ordinal = next++
      const own = names.slice(ordinal * target.batchSize, (ordinal + 1) * target.batchSize)
      told[ordinal] = await plan(own, { reader, ordinal, signal: stop })
    }
  }
  await inLanes(readers, lane, { signal })
  return told.flat()
}

/** No snapshot is held open while a target is asked: for hours Synapse's database could not clean up after itself. */
export const endSnapshot = async (readers: Prepared['readers']): Promise<void> => {
  for (const reader of readers) await run(reader, sql`COMMIT`)
}
