import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { Unreached } from '../../report/runs-document.ts'
import type { Target } from '../../targets/target.ts'
import type { MigrationRequest } from '../request.ts'

/**
 * Asks what does not have to be there: a database that is out of reach, or that does not let us in, is part of the
 * answer. Whatever else goes wrong is raised.
 */
export const askDatabase = async <Answer>(ask: () => Promise<Answer>): Promise<Answer | Unreached> => {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof Syn2opError && error.code.startsWith('database.')) {
      return { code: error.code, message: error.message }
    }
    throw error
  }
}

export const isUnreached = (answer: unknown): answer is Unreached =>
  typeof answer === 'object' && answer !== null && 'code' in answer && 'message' in answer

/** Opens the target for a look: no lock is taken, and nothing that a dead run has left is taken back. */
export const withTarget = async <Answer>(
  { openTarget, signal }: Pick<MigrationRequest, 'openTarget' | 'signal'>,
  look: (target: Target) => Promise<Answer>,
): Promise<Answer> => {
  const target = await openTarget(signal)
  try {
    return await look(target)
  } finally {
    await target.close()
  }
}
