import { z } from 'zod'
import { REST } from './mapping.ts'
import { momentSchema } from './moment-schema.ts'

/** Words that mean something else wherever a cohort is named. */
const TAKEN: readonly string[] = [REST, 'last', 'all']

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/u, 'a name is of a-z, 0-9, - and _, and begins with a letter or digit')
  .refine((text) => !TAKEN.includes(text), { error: ({ input }) => `no cohort can be named ${String(input)}` })
  .refine((text) => !/^\d{8}-\d{6}-/u.test(text), 'the name looks like the id of a run')

const range = z
  .strictObject({
    after: momentSchema.optional().describe('Then or later.'),
    before: momentSchema.optional().describe('Earlier, or not known.'),
  })
  .refine(({ after, before }) => after !== undefined || before !== undefined, 'needs `after`, `before`, or both')
  .refine(
    ({ after, before }) => after === undefined || before === undefined || Date.parse(after) < Date.parse(before),
    '`after` is not before `before`, so nobody is in between',
  )

/** PostgreSQL has no NUL, and ours separates the values of a list. */
const words = z
  .string()
  .min(1)
  .regex(/^\P{Cc}*$/u, 'holds a control character')

const some = <Item extends z.ZodType>(item: Item): z.ZodArray<Item> => z.array(item).min(1, 'names nothing')

const match = z
  .strictObject({
    localparts: some(words)
      .optional()
      .describe('Regular expressions (PostgreSQL’s), one of which must match the whole localpart.'),
    email_domains: some(words.regex(/^[^@\s]+$/u, 'is no domain'))
      .optional()
      .describe(
        'Domains, one of which must be that of an e-mail address of the account. Upper and lower case are one.',
      ),
    providers: some(words)
      .optional()
      .describe('SSO providers by Synapse’s name (auth_provider), of one of which the account has an identity.'),
    last_seen: range
      .optional()
      .describe('When one of its devices was last seen. An account that never was counts as before every time.'),
    created: range
      .optional()
      .describe('When it was made. One that Synapse knows no time of counts as before every time.'),
    admin: z.boolean().optional().describe('Whether it is an administrator of Synapse.'),
    list: words
      .optional()
      .describe(
        'A file, relative to this one, with a Matrix id or localpart in each line; what follows a # is a comment.',
      ),
    percent: z
      .number()
      .gt(0)
      .max(100)
      .optional()
      .describe(
        'Of all accounts so many in a hundred, by a hash of the Matrix id: always the same ones, and those of a smaller percentage are among them.',
      ),
  })
  .refine((conditions) => Object.values(conditions).some((condition) => condition !== undefined), {
    error: 'needs a condition; whoever is in no cohort is in the rest anyhow',
    // A condition that was misspelt is told as such.
    when: ({ issues }) => issues.length === 0,
  })

export type MatchInFile = z.output<typeof match>

export const cohortsSchema = z
  .array(
    z.strictObject({
      name: name.describe('What `--cohort` calls it.'),
      match: match.describe('Who is in it: whoever meets every condition.'),
    }),
  )
  .max(1000, 'are more than 1,000')
  .check(({ value, issues }) => {
    const seen = new Set<string>()
    value.forEach((cohort, position) => {
      const isTwice = seen.has(cohort.name)
      seen.add(cohort.name)
      if (isTwice)
        issues.push({
          code: 'custom',
          message: `another cohort is named ${cohort.name} too`,
          input: cohort.name,
          path: [position, 'name'],
        })
    })
  })
