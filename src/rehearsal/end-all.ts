import { redactUrls } from '../errors/redact-urls.ts'
import type { Lease } from './leases/lease.ts'
import { wordsOf } from './words-of.ts'

export interface Ending {
  /** Ends last, and only where everything else did. */
  readonly lease: Pick<Lease, 'id' | 'end'>
  /** The command that ends what is left. */
  readonly clean: string
  readonly note: (message: string) => void
}

/**
 * Ends what a rehearsal has begun, the last first, and then its lease. What cannot be ended keeps nothing else from it, and is told:
 * what the rehearsal found, or why it failed, counts for more than that.
 * @returns whether something is left. Then its lease is too, and `clean` or the next rehearsal tries again.
 */
export const endAll = async (
  ends: readonly (() => Promise<void>)[],
  { lease, clean, note }: Ending,
): Promise<'nothing is left' | 'something is left'> => {
  const left: unknown[] = []
  for (const end of ends.toReversed()) await end().catch((error: unknown) => left.push(error))
  if (left.length === 0) await endItsLease(lease).catch((error: unknown) => left.push(error))
  for (const error of left) note(`Left of the rehearsal ${lease.id}: ${redactUrls(wordsOf(error))}`)
  if (left.length === 0) return 'nothing is left'
  note(`To end it: ${clean}`)
  return 'something is left'
}

const endItsLease = async (lease: Ending['lease']): Promise<void> => {
  if ((await lease.end()) !== 'ended') throw new Error('something that cannot be ended yet')
}
