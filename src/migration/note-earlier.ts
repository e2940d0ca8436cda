import type { RunWork } from './migrate.ts'

/** Tells what earlier runs have left to this one, and what this one leaves to a later one. */
export const noteEarlier = (work: Told): void => {
  noteUnfinished(work)
  noteUnproved(work)
}

type Told = Pick<RunWork, 'request' | 'prepared' | 'chosen'>

const noteUnfinished = ({ request, prepared, chosen }: Told): void => {
  const unfinished = prepared.history?.unfinished
  if (unfinished?.left !== 'open' || chosen.resumes !== undefined) return
  request.progress.note(`Run ${unfinished.runId} did not end; what it wrote stands, and this run goes on from there.`)
}

const noteUnproved = ({ request, prepared, chosen }: Told): void => {
  const unproved = prepared.history?.unproved
  if (unproved === undefined || (chosen.part !== undefined && unproved.runId === chosen.resumes?.runId)) return
  const who = chosen.part === undefined ? 'this run' : 'the next run of everybody'
  request.progress.note(
    `What run ${unproved.runId} wrote was found wrong, or not all of it was compared: ${who} compares the whole copy, as \`syn2op verify\` does.`,
  )
}

/** The run that a later one of everybody has to prove, where this one did not. */
export const stillUnproved = (
  { prepared: { history }, chosen, identity: { runId } }: Pick<RunWork, 'prepared' | 'chosen' | 'identity'>,
  { isWhole, isRight }: { readonly isWhole: boolean; readonly isRight: boolean },
): string | undefined => {
  if (isWhole || chosen.kind !== 'online') return undefined
  if (!isRight) return runId
  return history?.unproved?.runId === runId ? undefined : history?.unproved?.runId
}
