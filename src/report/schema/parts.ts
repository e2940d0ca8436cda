import { z } from 'zod'
import { RELATIONS } from '../../accounts/relations.ts'

/** Counts and times are whole numbers that JSON carries exactly. */
export const count = z.int().min(0)

export const milliseconds = z.number().min(0).describe('Milliseconds.')

export const relation = z
  .enum(RELATIONS)
  .meta({ id: 'Relation', description: 'A relation of the source, under its own name.' })

export const finding = z
  .object({
    code: z.string().describe('What kind of finding it is; every code is in the reference.'),
    severity: z.enum(['error', 'warning', 'notice']),
    message: z.string().describe('What was found, in one sentence with its numbers.'),
    count: count.exactOptional().describe('How many rows or accounts it concerns.'),
    samples: z.array(z.string()).exactOptional().describe('A few of them.'),
    remedy: z.array(z.string()).describe('What to do: lines to type.'),
    accepted: z.string().exactOptional().describe('How the warning was acknowledged, when it was.'),
    acceptedBecause: z.string().exactOptional().describe('Why, as the mapping says.'),
    acceptedUntil: z.string().exactOptional().describe('When that ends (ISO 8601, UTC), as the mapping says.'),
  })
  .meta({ id: 'Finding', description: 'Something that an administrator must know.' })

const counts = {
  read: count,
  carried: count,
  left: z
    .array(z.object({ reason: z.string().describe('The code of the reason.'), count: count.min(1) }))
    .describe('Rows left behind, the largest reason first.'),
} as const

export const cohorts = z
  .array(
    z.object({
      cohort: z.string(),
      begun: z.literal(true).exactOptional().describe('A run has begun to migrate it.'),
      ...counts,
    }),
  )
  .describe('What becomes of the accounts of each cohort: read = carried + the sum of left. The rest is the last one.')

export const relationCount = z.object({ relation, ...counts }).meta({
  id: 'RelationCount',
  description: 'What becomes of the rows of one relation: read = carried + the sum of left.',
})

export const end = z
  .object({
    product: z.string(),
    version: z.string(),
    location: z.string().describe('user@host:port/database, without a password.'),
    schema: z.string().describe('The PostgreSQL schema that holds its tables.'),
    postgres: z.string().describe('The version of the PostgreSQL server.'),
  })
  .meta({ id: 'End', description: 'One end of the road as it was seen.' })

export const mapping = z
  .object({ file: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/u) })
  .meta({ id: 'Mapping', description: 'The rules file, and which version of it.' })

/** What every document but the rehearsal's begins with. */
export const head = {
  format: z.literal(1).describe('Version of this format.'),
  syn2op: z.string().describe('Version of syn2op.'),
  serverName: z.string(),
  source: end,
  target: end,
  asOf: z.iso.datetime({ precision: 3 }).describe('The moment that stands for "now" in every decision.'),
  findings: z.array(finding),
} as const
