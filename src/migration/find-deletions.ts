import { openPredictions } from '../report/predictions-file.ts'
import type { SyncDeletion, SyncDeletions } from '../report/proof-parts.ts'
import type { Prepared } from './prepare.ts'
import type { MigrationRequest } from './request.ts'

/** How many of them a document shows. */
const SHOWN = 20

/**
 * Counts what the target would make Synapse delete when it next syncs every user, and writes the whole list where one
 * is asked for. The list is passed on as it is found: it can be as long as the homeserver is large.
 * @param isLookedAt by the account's Matrix id; absent: all accounts.
 * @returns undefined for a target that makes Synapse delete nothing.
 */
export const findDeletions = async (
  { predictions, progress, signal }: Pick<MigrationRequest, 'predictions' | 'progress' | 'signal'>,
  { target, readers, decisions }: Pick<Prepared, 'target' | 'readers' | 'decisions'>,
  when: 'before' | 'after',
  isLookedAt: (mxid: string) => boolean = () => true,
): Promise<SyncDeletions | undefined> => {
  if (target.sql?.syncDeletions === undefined) return undefined
  progress.phase('predict')
  const tally = newTally()
  const file = predictions === undefined ? undefined : await openPredictions(predictions)
  try {
    await target.sql.syncDeletions({ decisions, readers, signal, when }, async (deletion) => {
      if (!isLookedAt(deletion.mxid)) return
      tally.add(deletion)
      await file?.write(deletion)
    })
    await file?.finish()
  } finally {
    await file?.abandon()
  }
  return tally.sum()
}

const newTally = () => {
  const reasons = new Map<string, { what: SyncDeletion['what']; reason: string; count: number }>()
  const samples: SyncDeletion[] = []
  return {
    add(deletion: SyncDeletion): void {
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
