import { redactUrls } from '../errors/redact-urls.ts'

export interface Ending {
  /** The rehearsal's id. */
  readonly id: string
  /** The command that ends what is left. */
  readonly clean: string
  readonly note: (message: string) => void
}

/**
 * Ends what a rehearsal has begun, the last first; the first of them is its lease. What cannot be ended keeps nothing else from it, and
 * is told: what the rehearsal found, or why it failed, counts for more than that.
 * @returns whether something is left. Then its lease is too, and `clean` or the next rehearsal tries again.
 */
export const endAll = async (
  ends: readonly (() => Promise<void>)[],
  { id, clean, note }: Ending,
): Promise<'nothing is left' | 'something is left'> => {
  const left: unknown[] = []
  for (const end of ends.toReversed()) {
    if (left.length > 0 && end === ends[0]) break
    await end().catch((error: unknown) => left.push(error))
  }
  for (const error of left) note(`Left of the rehearsal ${id}: ${redactUrls(wordsOf(error))}`)
  if (left.length === 0) return 'nothing is left'
  note(`To end it: ${clean}`)
  return 'something is left'
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
