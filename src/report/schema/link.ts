import { z } from 'zod'
import { count, finding, milliseconds } from './parts.ts'

const some = count.exactOptional()

export const linkSchema = z
  .object({
    kind: z.literal('link'),
    format: z.literal(1).describe('Version of this format.'),
    syn2op: z.string().describe('Version of syn2op.'),
    serverName: z.string(),
    asOf: z.string().describe('The moment that stands for "now" in every decision (ISO 8601, UTC).'),
    action: z
      .enum(['look', 'apply', 'undo'])
      .describe('look: nothing is written to the database. undo: the links of a run are taken back.'),
    runId: z.string().exactOptional().describe('Of what was done; absent while it is only shown.'),
    takesBack: z.string().exactOptional().describe('The run whose links are taken back.'),
    to: z
      .object({ product: z.enum(['Synapse', 'MAS']), location: z.string(), table: z.string() })
      .describe('Where links are written.'),
    provider: z
      .object({ id: z.string(), name: z.string() })
      .exactOptional()
      .describe('By which people log in; absent where none or several lead to the Keycloak.'),
    cohort: z.string().exactOptional().describe('Only the accounts of this cohort.'),
    accounts: count.describe('Accounts to be linked; of an undo, links that the run wrote.'),
    links: z
      .object({
        write: some.describe('To be written.'),
        there: some.describe('There already, as they should be.'),
        conflicts: some.describe('Linked otherwise: left as they are.'),
        missing: some.describe('Of accounts that are not where the links lead to.'),
        written: some,
        leftOut: some.describe('Something came in their way after they had been looked at.'),
        removed: some,
        gone: some.describe('Taken away by somebody else since.'),
        used: some.describe('Somebody has logged in by them since: they stay.'),
        changed: some.describe('Another link stands in their place: it stays.'),
      })
      .exactOptional(),
    files: z.object({ link: z.string(), unlink: z.string() }).exactOptional().describe('Files of SQL.'),
    findings: z.array(finding),
    next: z.array(z.object({ text: z.string(), commands: z.array(z.string()) })).describe('What to do next.'),
    milliseconds: milliseconds.exactOptional(),
  })
  .describe('What syn2op link would write, wrote, or took back.')
