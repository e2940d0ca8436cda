import type { LeaseRecord } from './lease-record.ts'
import { isSamePlace } from './place.ts'

/** After 14 days a rehearsal whose process cannot be seen may be taken for dead: one of many people may last for days. */
export const DEADLINE_MS = 14 * 86_400_000

/** A rehearsal says every minute that it lives; a machine that slept needs a moment until it does so again. */
const SILENCE_MS = 3_600_000

export interface Observed {
  /** Milliseconds since 1970. */
  readonly now: number
  /** When the rehearsal last said that it lives. */
  readonly heard: number
  /** Where we are. */
  readonly place: string
  /** The start of the process that has the rehearsal's number here. */
  readonly started: string | undefined
}

/**
 * Whether the rehearsal of a lease may live. Where its process cannot be seen (another container with the same folder for
 * temporary files), only 14 days' age and an hour's silence tell that it does not.
 */
export const mayLive = (
  record: Pick<LeaseRecord, 'place' | 'started' | 'made'>,
  { now, heard, place, started }: Observed,
): boolean =>
  isSamePlace(record.place, place)
    ? record.started === started
    : now - record.made < DEADLINE_MS || now - heard < SILENCE_MS
