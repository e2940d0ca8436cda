import { z } from 'zod'
import { count, relation } from './parts.ts'

export const outcomes = z
  .array(
    z.object({
      outcome: z.enum(['created', 'updated', 'unchanged', 'removed', 'held back', 'rejected', 'not attempted']),
      count: count.min(1),
    }),
  )
  .describe('How the accounts ended, or would end: together they are all accounts.')

export const changes = z
  .array(
    z.object({
      relation,
      create: count,
      update: count,
      remove: count,
      unchanged: count,
      theirs: count.describe('Changed or removed at the target since we wrote them: left as they are.'),
      foreign: count.describe('Not written by us, under a key that the source wants: left as they are.'),
    }),
  )
  .describe('What becomes of the rows at the target.')
