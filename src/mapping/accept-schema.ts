import { z } from 'zod'
import { momentSchema } from './moment-schema.ts'

const code = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]+$/u, 'is no code of a finding')
  .describe('The code of the warning.')

/** Warnings that are acknowledged: each a code, or a code with a reason and an end. */
export const acceptSchema = z.array(
  z.union(
    [
      code,
      z.strictObject({
        code,
        reason: z
          .string()
          .trim()
          .min(1, 'says nothing')
          .max(1000, 'is longer than 1,000 characters')
          .regex(/^[\P{Cc}\n]*$/u, 'holds a control character')
          .optional()
          .describe('Why, for whoever reads the report.'),
        until: momentSchema
          .optional()
          .describe(
            'The last day on which it counts (UTC), or the moment at which it ends. After it the warning is open again.',
          ),
      }),
    ],
    'is neither a code of a finding nor a section with `code`, `reason` and `until`',
  ),
)

export type AcceptInFile = z.output<typeof acceptSchema>
