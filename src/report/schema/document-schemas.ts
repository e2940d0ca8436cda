import { checkSchema, planSchema, runSchema, verifySchema } from './documents.ts'
import { rehearsalSchema } from './rehearsal.ts'
import { rollbackSchema } from './rollback.ts'

/** The schema of each kind of document; docs/reference/json is made from them. */
export const DOCUMENT_SCHEMAS = {
  check: checkSchema,
  plan: planSchema,
  run: runSchema,
  verify: verifySchema,
  rollback: rollbackSchema,
  rehearsal: rehearsalSchema,
} as const
