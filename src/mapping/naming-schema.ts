import { z } from 'zod'
import { parseTemplate } from './template.ts'

const template = z
  .string()
  .min(1, 'is empty')
  .max(1000, 'is longer than 1,000 characters')
  .superRefine((text, context) => {
    const parsed = parseTemplate(text)
    if ('fault' in parsed) context.addIssue({ code: 'custom', message: parsed.fault })
  })

/** How a username is made. */
export const usernamesSchema = z
  .strictObject({
    from: z
      .union([template, z.array(template).min(1, 'names nothing')], 'is neither a template nor a list of templates')
      .default('{localpart}')
      .describe(
        'The username, as a template such as `{localpart}` or `mx-{localpart|lower}`, or several: the first one all of whose values are known makes it. Values: localpart, mxid, server_name, displayname, email, email_localpart, email_domain (of the primary address). Filters: lower, upper, slug. Who gets no username is held back.',
      ),
    collision: z
      .enum(['hold_back', 'number'])
      .default('hold_back')
      .describe(
        'Several accounts get one username, as the target compares them. Whoever has it at the target keeps it, else the oldest account; the others are held back, or get the first free number after it: anna2, anna3.',
      ),
  })
  .prefault({})

export const emailsSchema = z
  .strictObject({
    primary: z
      .enum(['oldest', 'newest', 'none'])
      .default('oldest')
      .describe('Which e-mail address of an account is its primary one, by when Synapse added it.'),
    prefer_domains: z
      .array(z.string().regex(/^[^@\s\p{Cc}]+$/u, 'is no domain'))
      .default([])
      .describe('An address of the first of these domains comes before all others, then one of the second, and so on.'),
    others: z
      .enum(['keep', 'leave'])
      .default('keep')
      .describe('What becomes of the other addresses. leave: they stay behind.'),
  })
  .prefault({})

export const attributesSchema = z
  .record(z.string().regex(/^[\p{L}\p{N}_.:/-]{1,255}$/u, 'is no name of an attribute'), template)
  .default({})
  .describe(
    'Attributes that every account gets, by name: templates as those of usernames. One whose values are not all known is left out.',
  )
