import { z } from 'zod'
import { count } from './parts.ts'

const what = z.enum(['device', 'email'])
const reason = z.string().describe('The code of the reason.')

export const deletions = z
  .object({
    devices: count,
    emails: count,
    reasons: z.array(z.object({ what, reason, count })).describe('Counted by reason, the largest first.'),
    samples: z
      .array(z.object({ mxid: z.string(), what, name: z.string().describe('Device id or address.'), reason }))
      .describe('The first of them.'),
  })
  .meta({ id: 'Deletions', description: 'What the target would make Synapse delete at the next sync of every user.' })

const fieldDifference = z.object({
  table: z.string(),
  kind: z.enum(['missing', 'extra', 'differs']),
  row: z.string().describe('Which row, by its natural key; never a token or a hash.'),
  field: z.string().exactOptional().describe('Which field differs.'),
  wanted: z.string().nullable().exactOptional().describe('The value it should have; absent for a secret.'),
  present: z.string().nullable().exactOptional().describe('The value it has; absent for a secret.'),
})

export const fieldComparison = z
  .object({
    seed: z.string().describe('Chooses the same accounts again.'),
    accounts: count,
    rows: count,
    fields: count,
    differences: z.array(fieldDifference),
  })
  .meta({ id: 'FieldComparison', description: 'Accounts chosen at random, compared field by field.' })

export const proofs = z
  .object({
    results: z.array(
      z.object({
        what: z.enum(['token', 'password']),
        mxid: z.string(),
        device: z.string().exactOptional(),
        worked: z.boolean(),
        expected: z.boolean().describe('Whether it was expected to work.'),
        reason: z.string().exactOptional().describe('Why it was expected to fail.'),
        answer: z.string().exactOptional().describe('What the server said; never a secret.'),
      }),
    ),
  })
  .meta({ id: 'Proofs', description: 'Tokens and passwords tried after the cut-over.' })
