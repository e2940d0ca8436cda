import { z } from 'zod'
import { count, relation } from './parts.ts'

export const outcomes = z
  .array(
    z.object({
      outcome: z.enum(['created', 'updated', 'unchanged', 'removed', 'held back', 'rejected', 'not attempted']),
      count: count.min(1),
    }),
  )
  .describe('How the accounts ended, or would end: together they are all accounts.')

export const changes = z
  .array(
    z.object({
      relation,
      create: count,
      update: count,
      remove: count,
      unchanged: count,
      theirs: count.describe('Changed or removed at the target since we wrote them: left as they are.'),
      foreign: count.describe('Not written by us, under a key that the source wants: left as they are.'),
    }),
  )
  .describe('What becomes of the rows at the target.')

const accountSamples = z.array(
  z.object({
    mxid: z.string(),
    reason: z.string().exactOptional(),
    message: z.string().exactOptional().describe('In words without a secret.'),
  }),
)

/** Of a plan or a run that goes on from what is there. */
export const goneOn = {
  candidates: count
    .exactOptional()
    .describe('Accounts looked at again: those that are new, have changed or are gone, and those that always are.'),
  rejected: accountSamples.exactOptional().describe('The first accounts that the target refused.'),
  conflicts: accountSamples
    .exactOptional()
    .describe("The first accounts held back because somebody else's name, e-mail or identity is in the way."),
} as const

export const stages = z
  .array(
    z.object({
      name: z.string(),
      members: count.describe('Accounts in it.'),
      begun: z.boolean().describe('A run has begun to copy it, or all of it is on record.'),
      recorded: count.describe('Accounts of it at the target, or held back by their decision.'),
    }),
  )
  .describe('The cohorts as they were frozen, in their order, and how far each has come.')

export const endedEarlyWhy = z.enum(['stopped', 'too many rejected'])

/** Of some runs only. */
export const runExtras = {
  ...goneOn,
  road: z
    .enum(['load', 'online', 'final', 'merge'])
    .exactOptional()
    .describe("Into an empty target, as a copy that stands aside, as its end, or beside the target's people."),
  cohort: z.string().exactOptional().describe('The only cohort that the run looked at: its accounts are counted.'),
  limit: count.min(1).exactOptional().describe('The run did something about so many accounts at most.'),
  stages: stages.exactOptional(),
  resumed: z.literal(true).exactOptional().describe('The run goes on with one that did not end.'),
  downtime: z.number().min(0).exactOptional().describe('Milliseconds until the target could be used.'),
  proof: z
    .object({
      rows: count.describe('Rows that were compared, column by column.'),
      wrongRows: count.describe('Rows that are not as they should be.'),
      keys: count.describe('Keys on record in all tables.'),
      differingBuckets: count.describe('Buckets of keys in which others are there.'),
      whole: z.literal(true).exactOptional().describe('Every row of the copy was compared.'),
    })
    .exactOptional()
    .describe('Evidence that the target holds what it should.'),
  unproved: z
    .string()
    .exactOptional()
    .describe('The run of which what it wrote in the copy was found wrong, or not all of it was compared.'),
  refused: z.array(z.string()).exactOptional().describe('Why a final run did not end the migration.'),
  endedEarly: z
    .object({
      why: endedEarlyWhy,
      resume: z.string().describe('The command that goes on with it, as it is typed.'),
    })
    .exactOptional()
    .describe('The run ended before all was attempted, and can be gone on with. What it did stands.'),
  unrecorded: z.literal(true).exactOptional().describe('The rows stand, but could not be put on record as ours.'),
} as const
