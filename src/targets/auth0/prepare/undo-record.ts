import { z } from 'zod'
import { syn2opVersion } from '../../../version.ts'
import { readRecordAs } from '../../prepare/record-file.ts'
import type { PrepareStep } from './step.ts'

const STATES = ['planned', 'begun', 'done', 'undone'] as const

const PATH = z.array(z.union([z.string(), z.object({ name: z.string() })]))

const WORK = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('create connection'), options: z.record(z.string(), z.unknown()) }),
  z.object({
    kind: z.literal('change options'),
    changes: z.array(z.object({ at: PATH, before: z.unknown().exactOptional(), after: z.unknown().exactOptional() })),
  }),
  z.object({ kind: z.literal('enable application'), client: z.string() }),
  z.object({ kind: z.literal('set up SCIM'), userIdAttribute: z.string().exactOptional() }),
])

const STEP = z.object({
  id: z.string(),
  what: z.string(),
  connection: z.string(),
  /** begun: whether it was done is not known; what is there tells. */
  state: z.enum(STATES),
  work: WORK,
})

const RECORD = z.object({
  kind: z.literal('auth0-prepare-undo'),
  format: z.literal(1),
  syn2op: z.string(),
  /** ISO 8601. */
  at: z.string(),
  url: z.string(),
  connection: z.string(),
  steps: z.array(STEP),
})

/** What prepare did to a tenant, as it is kept in a file: enough to take it back, and no secret. */
export type UndoRecord = Readonly<z.infer<typeof RECORD>>
export type RecordedStep = Readonly<z.infer<typeof STEP>>
type StepState = (typeof STATES)[number]

/** @param now by which the file is named */
export const newRecord = (
  { url, connection }: Pick<UndoRecord, 'url' | 'connection'>,
  steps: readonly PrepareStep[],
  now: Date,
): UndoRecord => ({
  kind: 'auth0-prepare-undo',
  format: 1,
  syn2op: syn2opVersion(),
  at: now.toISOString(),
  url,
  connection,
  steps: steps.map(({ id, what, connection: of, work }) =>
    STEP.parse({ id, what, connection: of, state: 'planned', work }),
  ),
})

export const withState = (record: UndoRecord, id: string, state: StepState): UndoRecord => ({
  ...record,
  steps: record.steps.map((step) => (step.id === id ? { ...step, state } : step)),
})

/** @throws Syn2opError usage */
export const readRecord = (file: string): Promise<UndoRecord> => readRecordAs(file, RECORD, 'syn2op auth0 prepare')
