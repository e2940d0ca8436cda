import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { syn2opVersion } from '../../../version.ts'
import { RECORD_PREFIX, readRecordAs } from '../../prepare/record-file.ts'
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

export const readRecord = (file: string): Promise<UndoRecord> => readRecordAs(file, RECORD, 'syn2op keycloak prepare')

/** The newest record of a realm that has a step of this id which still stands. */
export const newestWith = async (
  runs: string,
  { url, realm }: Pick<UndoRecord, 'url' | 'realm'>,
  id: string,
): Promise<RecordFile | undefined> => {
  const names = await readdir(runs).catch(() => [])
  for (const name of names
    .filter((one) => one.startsWith(RECORD_PREFIX))
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
