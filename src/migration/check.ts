import type { CheckDocument } from '../report/documents.ts'
import { withPrepared } from './prepare.ts'
import type { MigrationRequest } from './request.ts'

/** Looks at both ends and says what stands in the way. Writes nothing, but takes back what a dead run has left. */
export const check = (request: MigrationRequest): Promise<CheckDocument> =>
  withPrepared(request, 'look', async ({ head }) => ({ kind: 'check', ...head }))
