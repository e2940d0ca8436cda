import { z } from 'zod'
import { count, relation } from './parts.ts'

const plan = z
  .object({ file: z.string(), asOf: z.string().describe('The moment of its decisions.') })
  .describe('The plan that this is held against.')

const reason = z.string().nullable().describe('The code of the reason; null: migrated or carried.')

const rows = z
  .array(z.object({ relation, reason, before: count, now: count }))
  .describe('Rows by relation and reason whose count is not what it was.')

export const drift = z
  .object({ plan, newAccounts: count, goneAccounts: count, rows })
  .describe('What is new since the plan that the run is bound to, and was decided by the same rules.')

const accounts = z
  .object({
    new: count,
    gone: count,
    changed: z.array(
      z.object({ before: reason, now: reason, count, samples: z.array(z.string()).describe('The first of them.') }),
    ),
  })
  .describe('Decisions that changed; absent where the older plan does not have the decision about every account.')

const findings = z.array(
  z.object({
    code: z.string(),
    severity: z.enum(['error', 'warning', 'notice']),
    change: z.enum(['new', 'gone', 'changed']),
    before: count.exactOptional(),
    now: count.exactOptional(),
  }),
)

const times = z.object({ seconds: z.number().min(0), downtimeSeconds: z.number().min(0) })

export const comparison = z
  .object({
    plan,
    mapping: z
      .object({ before: z.string(), now: z.string() })
      .exactOptional()
      .describe('SHA-256 of the mappings, where they are not the same.'),
    other: z
      .array(z.enum(['source', 'target']))
      .exactOptional()
      .describe('The older plan is of another source or another target.'),
    accounts: accounts.exactOptional(),
    rows,
    outcomes: z.array(z.object({ outcome: z.string(), before: count, now: count })),
    findings,
    forecast: z.object({ before: times, now: times }).exactOptional(),
  })
  .describe('What is new since an older plan, by syn2op plan --compare.')
