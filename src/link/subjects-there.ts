import type { Linked } from './who-is-linked.ts'

/** By which id people come, of those who come by another one than follows from the account. */
export interface SubjectsThere {
  readonly own: ReadonlyMap<string, string>
  /** They come as somebody else, to whom they were linked there. */
  readonly others: ReadonlyMap<string, string>
}

/** Asks there, of accounts that were brought there, where somebody may have another one. */
export type AskSubjects = (mxids: readonly string[], signal: AbortSignal) => Promise<SubjectsThere>

/** Of those whom runs have brought there; the others come as follows from their accounts, once they are there. */
export const askSubjects = async (
  ask: AskSubjects | undefined,
  { accounts, notThere }: Linked,
  signal: AbortSignal,
): Promise<SubjectsThere> => {
  if (ask === undefined) return { own: new Map(), others: new Map() }
  const absent = new Set(notThere)
  const there = accounts.filter(({ mxid }) => !absent.has(mxid))
  return ask(
    there.map(({ mxid }) => mxid),
    signal,
  )
}
