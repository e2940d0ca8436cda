import { z } from 'zod'
import { outcomes } from './change-parts.ts'
import { count, head, milliseconds, relation } from './parts.ts'

const table = z
  .object({
    table: z.string(),
    relation,
    remove: count.describe('Created by what is taken back, and still as syn2op wrote them.'),
    restore: count.describe('Changed by it: they return to what they were before.'),
    endForGood: count.describe('Changed by it, whose state before Synapse no longer has: it ends.'),
    stay: count.describe('Changed by it, whose state before Synapse no longer gives it: it stays as it is.'),
    theirs: count.describe('Changed at the target since.'),
  })
  .describe('The rows of one table of the target.')

export const rollbackSchema = z
  .object({
    kind: z.literal('rollback'),
    ...head,
    of: z.object({ kind: z.enum(['run', 'cohort']), name: z.string() }).describe('What is taken back.'),
    runId: z.string().exactOptional().describe("The rollback's own; absent while it is only shown."),
    way: z.enum(['empty', 'accounts']).describe('Back to an empty target, or account by account.'),
    runs: z.array(z.string()).describe('Runs that are taken back; of a cohort none.'),
    accounts: count.describe('Accounts that are taken back.'),
    standing: z
      .array(z.object({ runId: z.string(), accounts: count }))
      .describe('Where these are none: which runs created the accounts that are there, the newest first.')
      .exactOptional(),
    used: count.describe('Accounts that people have used at the target since.'),
    usedAccounts: z.enum(['keep', 'remove']).describe('Whether these stay as they are, or go with the others.'),
    tables: z.array(table),
    lost: z
      .array(z.object({ what: z.string(), count, samples: z.array(z.string()) }))
      .describe('What people did at the target since, which goes with their accounts.'),
    outcomes: outcomes.exactOptional(),
    expectedMilliseconds: z
      .object({ least: milliseconds, most: milliseconds })
      .describe('How long it is expected to take.')
      .exactOptional(),
    milliseconds: milliseconds.exactOptional(),
  })
  .describe('What syn2op rollback would do, or did.')
