import { z } from 'zod'
import { RUN_KINDS } from '../run-record.ts'
import { endedEarlyWhy } from './change-parts.ts'
import { count, milliseconds } from './parts.ts'

const at = z.iso.datetime({ precision: 3 }).describe('When, in UTC.')

const outcomeCounts = z
  .object({
    created: count,
    updated: count,
    unchanged: count,
    removed: count,
    heldBack: count,
    rejected: count,
    notAttempted: count,
  })
  .describe('Accounts by what became of them.')

export const eventSchema = z
  .discriminatedUnion('event', [
    z.object({
      at,
      event: z.literal('started'),
      runId: z.string(),
      kind: z.enum(RUN_KINDS),
      syn2op: z.string().describe('Version of syn2op.'),
      command: z.array(z.string()).describe('As it was typed, without passwords.'),
      host: z.string(),
      pid: count,
      mark: z.string().exactOptional().describe('Tells the process from a later one of the same number.'),
      resumes: z.string().exactOptional().describe('The unfinished run that this one goes on with.'),
      cohort: z.string().exactOptional().describe('The only cohort that it looks at.'),
      limit: count
        .exactOptional()
        .describe('It attempts so many accounts at most, those of the run that it goes on with among them.'),
    }),
    z.object({ at, event: z.literal('phase'), phase: z.string() }),
    z.object({ at, event: z.literal('batch'), ordinal: count, accounts: outcomeCounts }),
    z.object({ at, event: z.literal('note'), message: z.string() }),
    z.object({
      at,
      event: z.literal('finished'),
      milliseconds,
      endedEarly: endedEarlyWhy.exactOptional().describe('Set where the run ended before all was attempted.'),
    }),
    z.object({
      at,
      event: z.literal('failed'),
      code: z.string().describe('Every code is in the reference.'),
      message: z.string(),
    }),
  ])
  .describe("A line of events.ndjson in a run's folder.")

export const accountRecordSchema = z
  .object({
    mxid: z.string().nullable(),
    decision: z.enum(['migrate', 'hold back', 'gone', 'take back']),
    reason: z.string().exactOptional().describe('Why it is held back, or what it conflicts with.'),
    outcome: z.enum(['created', 'updated', 'unchanged', 'removed', 'held back', 'rejected', 'not attempted']),
    message: z.string().exactOptional().describe("The target's own words."),
  })
  .describe("A line of accounts.ndjson in a run's folder: an account that was not plainly created or unchanged.")
