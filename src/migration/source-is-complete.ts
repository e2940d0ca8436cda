import { type PrimaryActivity, requireReplayed } from '../synapse/replica.ts'
import type { MigrationRequest } from './request.ts'

/** How long a replica may take to catch up once Synapse is stopped: each second of it is downtime. */
const PATIENCE_MS = 60_000

/** Before the snapshot of a final run: the source has all that Synapse ever wrote. */
export const sourceIsComplete = ({ source, replica, progress, signal }: MigrationRequest): Promise<PrimaryActivity> =>
  requireReplayed({
    source,
    primary: replica?.primary ?? (async () => undefined),
    ...(replica?.replayed === undefined ? {} : { replayed: replica.replayed }),
    patience: replica?.patience ?? PATIENCE_MS,
    note: progress.note,
    signal,
  })
