import { EXPORTS_RULES } from './exports.ts'
import { IMPORT_REQUEST_RULES } from './import-request.ts'
import { JOB_ERRORS_RULES } from './job-errors.ts'
import { JOBS_RULES } from './jobs.ts'
import { LIMITS_RULES } from './limits.ts'
import { MANAGEMENT_TOKEN_RULES } from './management-token.ts'
import type { Rule } from './rule.ts'

/** Every rule of Auth0's that the stand-in holds requests to, by subject. */
export const RULES: Readonly<Record<string, readonly Rule[]>> = {
  'Management tokens': MANAGEMENT_TOKEN_RULES,
  'Requests for an import': IMPORT_REQUEST_RULES,
  'Import jobs': JOBS_RULES,
  'Errors of import jobs': JOB_ERRORS_RULES,
  Exports: EXPORTS_RULES,
  Limits: LIMITS_RULES,
}
