import { z } from 'zod'
import { PREDICTIONS } from '../explanation.ts'
import { count, relation } from './parts.ts'
import { accountRecordSchema } from './run-record.ts'
import { runEntry, unreached } from './runs.ts'

const time = z.iso.datetime({ precision: 3 })
const decided = {
  decision: z.enum(['carry', 'leave']),
  reason: z.string().exactOptional().describe('The code of the reason.'),
}
const form = z.string().describe('Of what kind it is; never the secret itself.')

export const row = z
  .discriminatedUnion('relation', [
    z.object({ relation: z.literal('password'), form, ...decided }),
    z.object({
      relation: z.literal('threepid'),
      medium: z.string(),
      address: z.string(),
      addedAt: time.exactOptional(),
      ...decided,
    }),
    z.object({ relation: z.literal('external_id'), authProvider: z.string(), subject: z.string(), ...decided }),
    z.object({
      relation: z.literal('session'),
      deviceId: z.string(),
      displayName: z.string().exactOptional(),
      createdAt: time.exactOptional(),
      lastSeenAt: time.exactOptional(),
      ...decided,
    }),
    z.object({
      relation: z.literal('access_token'),
      deviceId: z.string().exactOptional(),
      form,
      createdAt: time.exactOptional(),
      expiresAt: time.exactOptional(),
      ...decided,
    }),
    z.object({
      relation: z.literal('refresh_token'),
      deviceId: z.string(),
      form,
      createdAt: time.exactOptional(),
      ...decided,
    }),
  ])
  .describe('A row of the source and what becomes of it.')

const account = z.object({
  decision: z.enum(['migrate', 'hold back']),
  reason: z.string().exactOptional().describe('The code of the reason.'),
  createdAt: time,
  admin: z.boolean(),
  guest: z.boolean(),
  locked: z.boolean(),
  deactivated: z.boolean(),
  shadowBanned: z.boolean(),
  approved: z.boolean(),
  expired: z.boolean(),
})

const atTarget = z
  .object({
    change: z.enum(['create', 'update', 'unchanged', 'remove', 'hold back', 'conflict', 'reject']),
    reason: z.string().exactOptional(),
    against: z.string().exactOptional().describe('Of a conflict: who is in the way.'),
    message: z.string().exactOptional().describe('Of what the target would refuse: why.'),
    rows: z.array(
      z.object({
        relation,
        create: count,
        update: count,
        remove: count,
        unchanged: count,
        theirs: count.describe('Written by us and changed at the target since.'),
        foreign: count.describe('Not written by us.'),
      }),
    ),
  })
  .describe('What a run would do with the account as the target is now.')

const inRun = z.object({
  run: runEntry.pick({ runId: true, state: true, kind: true, cohort: true, startedAt: true }),
  record: accountRecordSchema.exactOptional(),
})

export const explanationSchema = z
  .object({
    kind: z.literal('explanation'),
    format: z.literal(1).describe('Version of this format.'),
    syn2op: z.string().describe('Version of syn2op.'),
    mxid: z.string(),
    serverName: z.string(),
    asOf: time.describe('The moment that stands for "now" in every decision.'),
    account: account.exactOptional().describe('Absent: the source has no account of this name.'),
    cohort: z
      .object({ name: z.string(), frozen: z.boolean().describe('Frozen by a run, not only named by the rules.') })
      .exactOptional()
      .describe('Absent where there are no cohorts.'),
    rows: z.array(row),
    predictions: z
      .array(z.object({ code: z.enum(PREDICTIONS), message: z.string() }))
      .describe('What stops working, or begins to, once the target is in use.'),
    target: z.union([atTarget, unreached]),
    history: z.array(inRun).describe('The runs that knew of the account, the newest first.'),
  })
  .describe('What syn2op explain says of one account.')
