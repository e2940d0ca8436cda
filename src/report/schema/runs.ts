import { z } from 'zod'
import { RUN_KINDS } from '../run-record.ts'
import { RUN_STATES } from '../runs-document.ts'
import { endedEarlyWhy } from './change-parts.ts'
import { count, milliseconds } from './parts.ts'

export const unreached = z
  .object({ code: z.string(), message: z.string() })
  .describe('Why a database was not asked: the error that it gave.')

export const runEntry = z
  .object({
    runId: z.string(),
    state: z.enum(RUN_STATES),
    kind: z.enum(RUN_KINDS).exactOptional(),
    cohort: z.string().exactOptional().describe('The only cohort that it looks at.'),
    startedAt: z.iso.datetime({ precision: 3 }).exactOptional(),
    milliseconds: milliseconds.exactOptional(),
    serverName: z.string().exactOptional(),
    target: z.string().exactOptional().describe('Product and place, without any password.'),
    accounts: count.exactOptional().describe('How many accounts its decision migrates.'),
    command: z.array(z.string()).exactOptional().describe('As it was typed, without passwords.'),
    takesBack: z.string().exactOptional().describe('Of a rollback: the run or the cohort that it takes back.'),
    done: count
      .exactOptional()
      .describe('At work: accounts that it has brought to an end, where it goes on with no other run.'),
    process: z.object({ pid: z.int(), host: z.string() }).exactOptional().describe('At work: by which process.'),
    paused: z.string().exactOptional().describe('It rests until this file is removed.'),
    endedEarly: endedEarlyWhy.exactOptional().describe('Set where it ended before all was attempted.'),
    unrecorded: z
      .literal(true)
      .exactOptional()
      .describe('It filled the target, but ended before its rows were on record: they stand.'),
    nothingWritten: z
      .literal(true)
      .exactOptional()
      .describe('It did not end, and its record tells of nothing that it wrote: there is nothing to go on with.'),
    error: z.object({ code: z.string(), message: z.string() }).exactOptional(),
    record: z.enum(['folder', 'journal', 'both']).describe('Who knows of it.'),
  })
  .meta({ id: 'RunEntry', description: 'One run; what nobody recorded of it is absent.' })

export const runsSchema = z
  .object({
    kind: z.literal('runs'),
    format: z.literal(1).describe('Version of this format.'),
    syn2op: z.string().describe('Version of syn2op.'),
    folder: z.string().describe('Where the runs keep their records.'),
    journal: z.union([z.enum(['read', 'not asked']), unreached]).describe("The target's own journal."),
    runs: z.array(runEntry).describe('The newest first.'),
  })
  .describe('What syn2op runs list shows.')
