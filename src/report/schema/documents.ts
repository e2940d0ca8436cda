import { z } from 'zod'
import { changes, goneOn, outcomes, runExtras, stages } from './change-parts.ts'
import { cohorts, count, head, mapping, milliseconds, relation, relationCount } from './parts.ts'
import { comparison, drift } from './plan-comparison.ts'
import { planParts } from './plan-parts.ts'
import { deletions, fieldComparison, proofs } from './proof-parts.ts'

export const checkSchema = z.object({ kind: z.literal('check'), ...head }).describe('What syn2op check found.')

export const planSchema = z
  .object({
    kind: z.literal('plan'),
    ...head,
    relations: z.array(relationCount),
    mapping,
    outcomes: outcomes.exactOptional(),
    changes: changes.exactOptional(),
    deletions: deletions.exactOptional(),
    cohort: z.string().exactOptional().describe('The only cohort that was looked at: its rows are counted.'),
    cohorts: cohorts.exactOptional(),
    ...planParts,
    drift: drift.exactOptional(),
    comparison: comparison.exactOptional(),
    ...goneOn,
  })
  .describe('What syn2op migrate would do.')

const tableResult = z
  .object({ table: z.string(), relation, rows: count, bytes: count, milliseconds })
  .describe('What one table of the target got.')

export const runSchema = z
  .object({
    kind: z.literal('run'),
    ...head,
    runId: z.string(),
    relations: z.array(relationCount),
    cohorts: cohorts.exactOptional(),
    mapping,
    drift: drift.exactOptional(),
    tables: z.array(tableResult),
    outcomes: outcomes.exactOptional(),
    changes: changes.exactOptional(),
    phases: z.array(z.object({ phase: z.string(), milliseconds })),
    milliseconds,
    peakMemory: count.describe('Peak resident memory of the process in bytes.'),
    ...runExtras,
    forecast: planParts.forecast,
  })
  .describe('What syn2op migrate did.')

const tableVerification = z
  .object({
    table: z.string(),
    relation,
    wanted: count,
    present: count,
    missing: count,
    extra: count,
    differing: count,
    unopened: count
      .exactOptional()
      .describe('Set where too much differs to look at each row: about how many more rows may differ.'),
    theirs: count.exactOptional().describe('Rows of ours that were changed at the target since: no differences.'),
    foreign: count.exactOptional().describe('Rows that syn2op did not write: no differences.'),
    unseen: z
      .literal(true)
      .exactOptional()
      .describe('The target shows none of its rows: they are counted by what was sent, and not proved.'),
    milliseconds,
  })
  .describe('The rows of one table against what they should be.')

const rowDifference = z.object({
  table: z.string(),
  kind: z.enum(['missing', 'extra', 'differs', 'theirs']),
  row: z.string().describe('Which row, by its natural key; never a token or a hash.'),
  columns: z.array(z.string()).describe('The columns that differ.'),
})

export const verifySchema = z
  .object({
    kind: z.literal('verify'),
    ...head,
    runId: z.string(),
    tables: z.array(tableVerification),
    differences: z.array(rowDifference).describe('The first rows that are not as they should be.'),
    changedSince: count
      .exactOptional()
      .describe('Accounts that have changed in Synapse since they were copied, and were not compared.'),
    waiting: count
      .exactOptional()
      .describe(
        'Accounts that no run has come to, as those of a cohort that waits, or that were taken back; they were not compared.',
      ),
    stages: stages.exactOptional(),
    inConflict: count
      .exactOptional()
      .describe('Accounts that somebody else’s stand in the way of, and that were not compared.'),
    refused: count
      .exactOptional()
      .describe('Accounts that are not at the target since it would refuse them, and that were not compared.'),
    fields: fieldComparison.exactOptional(),
    deletions: deletions.exactOptional(),
    proofs: proofs.exactOptional(),
  })
  .describe('What syn2op verify found.')
