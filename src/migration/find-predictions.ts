import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { predictedRows } from '../accounts/decisions/predicted-rows.ts'
import { PREDICTION_KINDS, type PredictedRow } from '../accounts/predictions.ts'
import { eachRow } from '../postgres/cursor.ts'
import { run } from '../postgres/statement.ts'
import type { PredictionCount } from '../report/plan-parts.ts'
import { openPredictions } from '../report/predictions-file.ts'
import type { SyncDeletion, SyncDeletions } from '../report/proof-parts.ts'
import type { Pseudonyms } from '../report/pseudonyms/pseudonyms.ts'
import type { Prepared } from './prepare.ts'
import type { MigrationRequest } from './request.ts'

/** How many deletions a document shows. */
const SHOWN = 20

interface Predictions {
  readonly predictions: readonly PredictionCount[]
  /** Absent for a target that makes Synapse delete nothing. */
  readonly deletions?: SyncDeletions
}

type Asked = Pick<MigrationRequest, 'predictions' | 'pseudonyms' | 'progress' | 'signal'>
type Looked = Pick<Prepared, 'target' | 'readers' | 'decisions' | 'source'>

/**
 * Counts what will be different for people once the target is in use, and writes the whole list where one is asked for. It
 * is passed on as it is found: it can be as long as the homeserver is large.
 * @param isLookedAt by the account's Matrix id; absent: all accounts.
 */
export const predictAll = async (
  { predictions: file, pseudonyms, progress, signal }: Asked,
  { target, readers, decisions, source }: Looked,
  isLookedAt: (mxid: string) => boolean = () => true,
): Promise<Predictions> => {
  const [reader] = readers
  if (reader === undefined) return { predictions: [] }
  progress.phase('predict')
  const deletes = target.sql?.syncDeletions !== undefined
  const counts = newCounts()
  const deletions = newDeletions()
  await listed({ file, pseudonyms }, async (write) => {
    const query = predictedRows({ ...source, decisions, sync: deletes ? 'deletes' : 'keeps' })
    for await (const row of eachPrediction(reader, query)) {
      signal.throwIfAborted()
      if (!isLookedAt(row.mxid)) continue
      counts.add(row)
      deletions.add(row)
      await write?.(row)
    }
  })
  return { predictions: counts.sum(), ...(deletes ? { deletions: deletions.sum() } : {}) }
}

/**
 * Counts what the target as it stands would make Synapse delete when it next syncs every user. The list that is asked for
 * has everything else that will be different too.
 * @returns undefined for a target that makes Synapse delete nothing.
 */
export const deletionsNow = async (
  { predictions: file, pseudonyms, progress, signal }: Asked,
  { target, readers, decisions, source }: Looked,
): Promise<SyncDeletions | undefined> => {
  const { sql: road } = target
  const [reader] = readers
  if (road?.syncDeletions === undefined || reader === undefined) return undefined
  progress.phase('predict')
  const deletions = newDeletions()
  await listed({ file, pseudonyms }, async (write) => {
    if (write !== undefined) {
      const query = predictedRows({ ...source, decisions, sync: 'keeps' })
      for await (const row of eachPrediction(reader, query)) {
        signal.throwIfAborted()
        await write(row)
      }
    }
    await road.syncDeletions?.({ decisions, readers, signal }, async (deletion) => {
      const row = asPrediction(deletion)
      deletions.add(row)
      await write?.(row)
    })
  })
  return deletions.sum()
}

/** The tables are whole: joining them by loops, as the planner would, took 40 s at 100,000 accounts where hashes take 1 s. */
async function* eachPrediction(reader: Client, query: RawBuilder<PredictedRow>): AsyncGenerator<PredictedRow> {
  await run(reader, sql`SET enable_nestloop = off`)
  try {
    yield* eachRow(reader, 'syn2op_predictions', query)
  } finally {
    await run(reader, sql`SET enable_nestloop = on`).catch(() => {})
  }
}

type Write = (row: PredictedRow) => Promise<void>

/** With the file that is asked for, if any; it is there whole, or not at all. */
const listed = async (
  { file, pseudonyms }: { readonly file: string | undefined; readonly pseudonyms: Pseudonyms | undefined },
  work: (write: Write | undefined) => Promise<void>,
): Promise<void> => {
  if (file === undefined) return work(undefined)
  const list = await openPredictions(file)
  try {
    await work((row) => list.write(pseudonyms === undefined ? row : withoutNames(row, pseudonyms)))
    await list.finish()
  } finally {
    await list.abandon()
  }
}

/** Of what a prediction names only SSO providers are nobody's own. */
const withoutNames = (row: PredictedRow, { name }: Pseudonyms): PredictedRow => ({
  ...row,
  mxid: name(row.mxid),
  deviceId: row.deviceId === null ? null : name(row.deviceId),
  name: row.name === null || row.what !== 'e-mail is deleted' ? row.name : name(row.name),
})

const asPrediction = ({ mxid, what, name, reason }: SyncDeletion): PredictedRow =>
  what === 'device'
    ? { mxid, deviceId: name, what: 'device is deleted', reason, name: null }
    : { mxid, deviceId: null, what: 'e-mail is deleted', reason, name }

const asDeletion = ({ mxid, deviceId, what, reason, name }: PredictedRow): SyncDeletion | undefined => {
  if (what === 'device is deleted') return { mxid, what: 'device', name: deviceId ?? '', reason }
  return what === 'e-mail is deleted' ? { mxid, what: 'email', name: name ?? '', reason } : undefined
}

const newCounts = () => {
  const counts = new Map<string, PredictionCount>()
  return {
    add({ what, reason }: PredictedRow): void {
      const key = `${what} ${reason}`
      counts.set(key, { what, reason, count: (counts.get(key)?.count ?? 0) + 1 })
    },
    /** Kinds as they come in the list of kinds, the largest reason first. */
    sum: (): readonly PredictionCount[] =>
      [...counts.values()].toSorted(
        (a, b) =>
          PREDICTION_KINDS.indexOf(a.what) - PREDICTION_KINDS.indexOf(b.what) ||
          b.count - a.count ||
          (a.reason < b.reason ? -1 : 1),
      ),
  }
}

const newDeletions = () => {
  const reasons = new Map<string, { what: SyncDeletion['what']; reason: string; count: number }>()
  const samples: SyncDeletion[] = []
  return {
    add(row: PredictedRow): void {
      const deletion = asDeletion(row)
      if (deletion === undefined) return
      const { what, reason } = deletion
      const before = reasons.get(`${what} ${reason}`)?.count ?? 0
      reasons.set(`${what} ${reason}`, { what, reason, count: before + 1 })
      if (samples.length < SHOWN) samples.push(deletion)
    },
    sum(): SyncDeletions {
      const all = [...reasons.values()]
      const of = (wanted: SyncDeletion['what']): number =>
        all.filter(({ what }) => what === wanted).reduce((sum, { count }) => sum + count, 0)
      return {
        devices: of('device'),
        emails: of('email'),
        reasons: all.toSorted((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1)),
        samples,
      }
    },
  }
}
