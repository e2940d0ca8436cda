import { z } from 'zod'
import { planSchema, runSchema, verifySchema } from './documents.ts'
import { count, milliseconds } from './parts.ts'
import { rollbackSchema } from './rollback.ts'

const step = z
  .object({
    step: z.string(),
    milliseconds,
    outcome: z.enum(['ok', 'failed', 'skipped']),
    why: z.string().exactOptional().describe('Why it failed or was skipped.'),
  })
  .describe('One step, how long it took, and how it ended.')

const failure = z
  .object({
    step: z.string(),
    code: z.string().describe('The code of the error; every code is in the reference.'),
    message: z.string(),
    problems: z.array(z.string()).exactOptional(),
    next: z.array(z.string()).exactOptional().describe('What to do next, one step a line.'),
  })
  .describe('An error that ended the rehearsal after the plan was made.')

const night = z
  .object({
    accounts: count,
    rows: count,
    milliseconds: z.object({ least: milliseconds, most: milliseconds }),
    basis: z.string().describe('Where it is from.'),
  })
  .describe('How long the real night is expected to be.')

export const rehearsalSchema = z
  .object({
    kind: z.literal('rehearsal'),
    format: z.literal(1).describe('Version of this format.'),
    syn2op: z.string().describe('Version of syn2op.'),
    id: z.string().describe('By which its leftovers are known.'),
    people: z
      .object({ kind: z.enum(['demo', 'sample', 'real']), what: z.string() })
      .describe('Whose people were moved: made up, masked, or the homeserver’s own, which was only read.'),
    services: z.array(z.string()).describe('On what it ran.'),
    verdict: z.enum(['passed', 'failed']),
    steps: z.array(step),
    failure: failure.exactOptional(),
    unproved: z
      .array(z.object({ what: z.enum(['logins', 'tokens', 'sso', 'rollback']), why: z.string() }))
      .describe('What the rehearsal could not show.'),
    toAccept: z.array(z.string()).describe('Codes of warnings that the real night will ask to be accepted.'),
    plan: planSchema,
    run: runSchema.exactOptional(),
    verify: verifySchema.exactOptional(),
    proofs: verifySchema.exactOptional().describe('After the cut-over: only its proofs say anything.'),
    rollback: rollbackSchema.exactOptional(),
    again: z
      .object({ same: z.boolean(), differences: z.array(z.string()) })
      .exactOptional()
      .describe('Whether a plan made after the rollback is the first one again.'),
    night: night.exactOptional(),
    kept: z
      .object({ folder: z.string(), files: z.array(z.string()), end: z.string().describe('The command that ends it.') })
      .exactOptional()
      .describe('What was left running, where that was asked for.'),
  })
  .describe('What syn2op rehearse did: every step with its own document.')
