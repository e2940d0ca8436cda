import { z } from 'zod'
import { READINESS_DEEDS } from '../readiness-document.ts'
import { walk } from './readiness-walk.ts'

const result = z.enum(['pass', 'fail', 'not asked'])
const can = z
  .enum(['yes', 'no', 'unknown', 'never'])
  .describe('never: this client does not do that, whatever the servers say.')
const deed = z.enum(READINESS_DEEDS)

const fault = z
  .object({
    field: z.string().describe('As it is written in the document that was found.'),
    what: z.string().describe('What it has wrong, in words.'),
    seen: z.string().exactOptional(),
    breaks: z.array(z.string()).describe('The clients that do not take the document because of it.'),
  })
  .meta({ id: 'Fault', description: 'What one field of a discovery document has wrong.' })

const probe = z
  .object({
    code: z.string().describe('docs/reference/readiness.md explains each.'),
    part: z.enum(['homeserver', 'op', 'both']),
    title: z.string().describe('What has to be so.'),
    spec: z.string().describe('The specification, and since when.'),
    stability: z.enum(['stable', 'unstable']).describe('unstable: a name of a proposal that clients still use.'),
    level: z
      .enum(['error', 'warning', 'info'])
      .describe('error: people cannot log in, or something of theirs breaks. warning: some clients or deeds.'),
    result,
    seen: z.string().describe('What was seen; why it was not asked.'),
    faults: z.array(fault).exactOptional(),
    remedy: z.array(z.string()).describe('What to do; how to have it asked.'),
    accepted: z.string().exactOptional().describe('How the warning was acknowledged, when it was.'),
  })
  .meta({ id: 'Probe', description: 'What one probe found.' })

const ability = z
  .object({
    client: z.string(),
    kind: z.enum(['OIDC-native', 'OIDC-aware', 'legacy']),
    deed,
    can,
    by: z.string().exactOptional().describe('On which way, where there are several.'),
    because: z
      .array(z.object({ probe: z.string().exactOptional(), words: z.string() }))
      .describe('What it hangs on, with the probe that told.'),
  })
  .meta({ id: 'Ability', description: 'Whether people can do something with a client, today.' })

const configuration = z
  .object({
    files: z.array(z.string()),
    serverName: z.string(),
    delegation: z.enum(['on', 'off', 'absent']).describe('Whether MAS has the logins already, or will get them.'),
    conflicts: z
      .array(
        z.object({
          path: z.string().describe('The setting, dotted.'),
          file: z.string(),
          line: z.int().min(1).exactOptional(),
          change: z.string().describe('The line to write, or what to remove.'),
        }),
      )
      .describe('Settings with which Synapse does not start under MAS.'),
    unreadable: z.array(z.string()).describe('Files that it names and that could not be read: not judged.'),
  })
  .describe('homeserver.yaml, read without asking any server.')

const seen = z.tuple([z.string(), z.string()]).describe('What was seen before, and now.')

const comparison = z
  .object({
    before: z.string().describe('When the earlier one was made (ISO 8601).'),
    probes: z.array(
      z.object({
        code: z.string(),
        before: z.enum([...result.options, 'unknown']),
        now: z.enum([...result.options, 'unknown']),
        change: z.enum(['broken', 'mended', 'other']),
        seen,
      }),
    ),
    abilities: z.array(
      z.object({
        client: z.string(),
        deed,
        before: can,
        now: can,
        change: z.enum(['lost', 'gained', 'moved', 'other']),
      }),
    ),
  })
  .describe('What is other than before.')

export const readinessSchema = z
  .object({
    kind: z.literal('readiness'),
    format: z.literal(1).describe('Version of this format.'),
    syn2op: z.string().describe('Version of syn2op.'),
    at: z.iso.datetime({ precision: 3 }).describe('When it was asked.'),
    homeserver: z
      .object({
        serverName: z.string().exactOptional(),
        baseUrl: z.string().exactOptional().describe('Where clients reach it.'),
        product: z.string().exactOptional().describe('As it calls itself.'),
      })
      .exactOptional()
      .describe('Absent where only an OP or a configuration was looked at.'),
    op: z
      .object({ issuer: z.string(), product: z.string().exactOptional().describe('As far as its documents tell.') })
      .exactOptional(),
    probes: z.array(probe).describe('Empty where no server was asked.'),
    abilities: z.array(ability),
    configuration: configuration.exactOptional(),
    walk: walk.exactOptional(),
    comparison: comparison.exactOptional(),
    left: z.array(z.string()).describe('What was left behind at the servers, each with how to take it away.'),
  })
  .describe('What syn2op readiness found.')
