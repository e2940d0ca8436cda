import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { VerifyDocument } from '../../report/documents.ts'
import type { Prepared } from '../prepare.ts'
import type { MigrationRequest } from '../request.ts'

/** Plans over everybody, and wants nothing to do. */
export const verifySlowly = async (_request: MigrationRequest, _prepared: Prepared): Promise<VerifyDocument> => {
  throw new Syn2opError('internal', 'the slow road is being written')
}
