import { eachAtMost } from '../../slow-road/each-at-most.ts'
import { importIdOf } from '../accounts/user-id.ts'
import type { RowRefusal } from '../api/jobs-api.ts'
import type { PresentUser } from '../api/user.ts'
import { type Fate, type Fates, reasonOf, wordsOf } from './fates.ts'
import type { Importing } from './importing.ts'
import type { PackedRow } from './pack.ts'
import { type JobRun, type JobTold, runJob } from './run-job.ts'

export interface ImportRun extends JobRun {
  /** Whether a user was made by this run. */
  readonly isOfRun: (user: PresentUser) => boolean
}

/** Rows to be imported by one job. */
interface Part {
  readonly rows: readonly PackedRow[]
  /** How often a job of just these has failed. */
  readonly failed: number
}

/** So often a file is sent whose job fails over everybody; then by halves, each once. */
const TRIES = 3

/** Users that are looked at at a time; how many requests that may be in a time, the quota says. */
const LOOKS_AT_ONCE = 6

/**
 * Makes the users of one file. Whoever Auth0 has told of no end is looked at by their id; whoever is not there after a job that failed is
 * sent again, at last alone. Of whom nothing is told, nothing was begun.
 * @throws Syn2opError as `runJob`
 */
export const importFile = async (importing: Importing, rows: readonly PackedRow[], run: ImportRun): Promise<Fates> => {
  const fates = new Map<string, Fate>()
  const parts: Part[] = rows.length === 0 ? [] : [{ rows, failed: 0 }]
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const told = await runJob(importing, part.rows, run)
    if (told.kind === 'not begun') break
    const settled = await settle(importing, part.rows, told, run)
    for (const [id, fate] of settled) fates.set(id, fate)
    const left = part.rows.filter(({ id }) => !settled.has(id))
    const [only] = left
    if (only === undefined) continue
    const isHopeless = part.rows.length === 1 && (told.kind === 'too long' || part.failed + 1 >= TRIES)
    if (isHopeless) fates.set(only.id, { kind: 'refused', words: failureOf(told) })
    else parts.unshift(...nextParts(part, left, told))
  }
  return fates
}

const nextParts = (part: Part, left: readonly PackedRow[], told: JobTold): readonly Part[] => {
  if (left.length < part.rows.length) return [{ rows: left, failed: 0 }]
  if (told.kind === 'ended' && part.failed + 1 < TRIES) return [{ rows: left, failed: part.failed + 1 }]
  const half = Math.ceil(left.length / 2)
  return [left.slice(0, half), left.slice(half)].map((rows) => ({ rows, failed: TRIES - 1 }))
}

const failureOf = (told: JobTold): string => {
  if (told.kind !== 'ended') return 'it is larger than Auth0 takes in one import'
  return told.end.kind === 'completed'
    ? 'Auth0 says that it has imported it, and it is not there'
    : `an import of it alone failed: ${told.end.words}`
}

/** How those rows ended of which that is known now. */
const settle = async (
  importing: Importing,
  rows: readonly PackedRow[],
  told: JobTold,
  run: ImportRun,
): Promise<Fates> => {
  if (told.kind !== 'ended') return new Map()
  const [first, ...others] = rows.map(({ id }) => importIdOf(id))
  // Of a file of one row, what is told of nobody is told of that one.
  const only = others.length === 0 ? first : undefined
  const refusals = new Map(
    told.refusals.flatMap((one) => {
      const id = one.userId ?? only
      return id === undefined ? [] : [[id, one]]
    }),
  )
  const isComplete = tellsOfAll(told, rows)
  const fates = await eachAtMost(LOOKS_AT_ONCE, rows, async ({ id }): Promise<readonly [string, Fate | undefined]> => {
    const refusal = refusals.get(importIdOf(id))
    if (refusal === undefined && isComplete) return [id, { kind: 'created' }]
    if (refusal !== undefined && reasonOf(refusal) === 'refused') {
      return [id, { kind: 'refused', words: wordsOf(refusal) }]
    }
    const user = await importing.userById(id, run.signal)
    if (user !== undefined) return [id, run.isOfRun(user) ? { kind: 'created' } : { kind: 'found', user }]
    return [id, refusal === undefined ? undefined : { kind: 'clash', words: wordsOf(refusal) }]
  })
  return new Map(fates.flatMap(([id, fate]) => (fate === undefined ? [] : [[id, fate] as const])))
}

/** Whether everybody of whom nothing is said is there: the job's own counts say so, and its errors are all there were. */
const tellsOfAll = (
  { end, refusals, errors }: Extract<JobTold, { kind: 'ended' }>,
  rows: readonly PackedRow[],
): boolean => {
  if (end.kind !== 'completed' || errors === 'not told') return false
  const ids = new Set(rows.map(({ id }) => importIdOf(id)))
  const { summary } = end.job
  const areAllOfFile = refusals.every(({ userId }: RowRefusal) => userId !== undefined && ids.has(userId))
  return areAllOfFile && summary?.inserted === rows.length - refusals.length
}
