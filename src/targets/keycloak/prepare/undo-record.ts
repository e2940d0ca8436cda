import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { causeOf, writeWhole } from '../../../report/write-whole.ts'
import { syn2opVersion } from '../../../version.ts'
import { KEEPER } from './keeper.ts'
import type { PrepareStep } from './step.ts'

const STATES = ['planned', 'begun', 'done', 'undone', 'left'] as const

const PATH = z.array(z.union([z.string(), z.object({ name: z.string() })]))

const WORK = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('create'),
    collection: z.string(),
    path: z.string(),
    body: z.record(z.string(), z.unknown()),
  }),
  z.object({
    kind: z.literal('change'),
    path: z.string(),
    changes: z.array(z.object({ at: PATH, before: z.unknown().exactOptional(), after: z.unknown().exactOptional() })),
  }),
  z.object({ kind: z.literal('statistics') }),
])

const STEP = z.object({
  id: z.string(),
  what: z.string(),
  /** begun: whether it was done is not known; what is there tells. */
  state: z.enum(STATES),
  work: WORK,
  keepers: z.array(KEEPER),
})

const RECORD = z.object({
  kind: z.literal('keycloak-prepare-undo'),
  format: z.literal(1),
  syn2op: z.string(),
  /** ISO 8601. */
  at: z.string(),
  url: z.string(),
  realm: z.string(),
  steps: z.array(STEP),
})

/** What prepare did to a realm, as it is kept in a file: enough to take it back, and no secret. */
export type UndoRecord = Readonly<z.infer<typeof RECORD>>
export type RecordedStep = Readonly<z.infer<typeof STEP>>
export type StepState = (typeof STATES)[number]

const PREFIX = 'prepare-undo-'

export interface RecordFile {
  readonly file: string
  readonly record: UndoRecord
}

/** A step as it is kept, before it is done. */
export const recorded = ({ id, what, work, keepers }: PrepareStep): RecordedStep =>
  STEP.parse({ id, what, state: 'planned', work, keepers })

/** @param now by which the file is named */
export const newRecord = (
  { url, realm }: Pick<UndoRecord, 'url' | 'realm'>,
  steps: readonly PrepareStep[],
  now: Date,
): UndoRecord => ({
  kind: 'keycloak-prepare-undo',
  format: 1,
  syn2op: syn2opVersion(),
  at: now.toISOString(),
  url,
  realm,
  steps: steps.map(recorded),
})

export const withState = (record: UndoRecord, id: string, state: StepState): UndoRecord => ({
  ...record,
  steps: record.steps.map((step) => (step.id === id ? { ...step, state } : step)),
})

/** `prepare-undo-20261122-173000-123.json`: sorts by time. */
export const recordFile = (runs: string, { at }: Pick<UndoRecord, 'at'>): string => {
  const [date = '', time = '', milliseconds = ''] = at.replaceAll(/[-:Z]/gu, '').split(/[T.]/u)
  return join(runs, `${PREFIX}${date}-${time}-${milliseconds}.json`)
}

/** Only its owner may read it, and after a power cut it is the old one or the new one. */
export const writeRecord = async (file: string, record: UndoRecord, runs: string): Promise<void> => {
  try {
    await mkdir(runs, { recursive: true, mode: 0o700 })
    await writeWhole(file, `${JSON.stringify(record, null, 2)}\n`)
  } catch (error) {
    throw new Syn2opError('run.unwritable', `${file} cannot be written: ${causeOf(error) ?? 'it fails'}`, {
      cause: error,
      next: ['Name a folder that you may write to: --runs-dir FOLDER'],
    })
  }
}

export const readRecord = async (file: string): Promise<UndoRecord> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Syn2opError('usage', `${file} cannot be read: ${causeOf(cause) ?? 'it fails'}`, {
      cause,
      next: ['Name the file that `syn2op keycloak prepare --apply` wrote.'],
    })
  })
  const parsed = RECORD.safeParse(parseOrNothing(text))
  if (parsed.success) return parsed.data
  throw new Syn2opError('usage', `${file} is no record of syn2op keycloak prepare`, {
    next: ['Name the file that `syn2op keycloak prepare --apply` wrote, as it wrote it.'],
  })
}

const parseOrNothing = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The newest record of a realm that has a step of this id which still stands. */
export const newestWith = async (
  runs: string,
  { url, realm }: Pick<UndoRecord, 'url' | 'realm'>,
  id: string,
): Promise<RecordFile | undefined> => {
  const names = await readdir(runs).catch(() => [])
  for (const name of names
    .filter((one) => one.startsWith(PREFIX))
    .toSorted()
    .toReversed()) {
    const file = join(runs, name)
    // What somebody has renamed or broken is no record of this one.
    const record = await readRecord(file).catch(() => undefined)
    if (record === undefined) continue
    const stands = record.steps.some((step) => step.id === id && (step.state === 'done' || step.state === 'begun'))
    if (record.url === url && record.realm === realm && stands) return { file, record }
  }
  return undefined
}
