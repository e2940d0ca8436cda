import { z } from 'zod'
import { stages } from './change-parts.ts'
import { count } from './parts.ts'
import { runEntry, unreached } from './runs.ts'

const source = z
  .object({
    location: z.string().describe('user@host:port/database, without a password.'),
    postgres: z.string().describe('The version of the PostgreSQL server.'),
    replica: z.boolean(),
    connections: z.array(z.string()).describe('Who else is connected: where anybody is, Synapse may run.'),
  })
  .describe("Synapse's database.")

const target = z
  .object({
    product: z.string(),
    location: z.string(),
    state: z
      .enum(['empty', 'online', 'migrated', 'people', 'unknown'])
      .describe(
        'empty: no rows of people. online: a copy stands aside. migrated: rows of ours are in place. people: rows of people, none of them ours.',
      ),
    since: z.iso.datetime({ precision: 3 }).exactOptional().describe('The as-of time of the last finished run.'),
    final: z.boolean().describe('True once migrate --final ended.'),
    unproved: z
      .string()
      .exactOptional()
      .describe('The newest run of which what it wrote in the copy was found wrong, or not all of it was compared.'),
    unfinished: z
      .object({ runId: z.string(), left: z.enum(['open', 'taken back']) })
      .exactOptional()
      .describe('The newest run at the target, where it did not end.'),
    passwords: z
      .object({
        anew: count.describe('The target has hashed it anew, after a login or since its owner changed it.'),
        asMoved: count.describe('Still the hash of Synapse.'),
        without: count.describe('Accounts without a password.'),
      })
      .exactOptional()
      .describe('What has become of the passwords that were moved, where --upgraded asked.'),
    heldBy: z
      .union([z.object({ pid: z.int(), host: z.string() }), z.literal('unknown')])
      .exactOptional()
      .describe('Who is at work at the target, where that is no run of this folder.'),
  })
  .describe('The target.')

export const statusSchema = z
  .object({
    kind: z.literal('status'),
    format: z.literal(1).describe('Version of this format.'),
    syn2op: z.string().describe('Version of syn2op.'),
    folder: z.string().describe('Where the runs keep their records.'),
    source: z.union([source, unreached, z.literal('not asked')]),
    target: z.union([target, unreached, z.literal('not asked')]),
    stages: stages.exactOptional(),
    changedSince: z
      .object({
        changed: count.describe('Accounts that are new, or not as they were when they were last written.'),
        gone: count,
        unchanged: count,
        waiting: count.describe('Accounts of cohorts that no run has begun.'),
      })
      .exactOptional()
      .describe('What the cut-over still has to bring over.'),
    runs: z.array(runEntry).describe('The newest first.'),
    next: z.array(z.object({ text: z.string(), commands: z.array(z.string()) })).describe('What to type next.'),
  })
  .describe('What syn2op status shows.')
