import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { AdminApi, AdminRequest } from '../api/admin-api.ts'
import { isHeldBack } from '../api/failures.ts'

/** Asks what the client may perhaps not ask. */
export interface Asking {
  /** Undefined where it may not. */
  ask<Answer>(question: () => Promise<Answer>): Promise<Answer | undefined>
  /** Whether it may, whatever else is answered. @throws Syn2opError target.not-allowed where a proxy refuses it: no role would help */
  may(request: AdminRequest): Promise<boolean>
  /** Raises the first refusal, which says why. */
  giveUp(): never
}

export const askAsAllowed = (api: AdminApi): Asking => {
  const refusals: Error[] = []
  const unless = async <Answer>(
    isExcused: (error: unknown) => boolean,
    question: () => Promise<Answer>,
  ): Promise<Answer | undefined> => {
    try {
      return await question()
    } catch (error) {
      if (!(error instanceof Error) || !isExcused(error)) throw error
      refusals.push(error)
      return undefined
    }
  }
  return {
    ask: (question) => unless(isRefusal, question),
    may: async (request) =>
      (await unless(
        (error) => isRefusal(error) && !isHeldBack(error),
        () => api.send(request),
      )) !== undefined,
    giveUp: () => {
      throw refusals[0] ?? new TypeError('nothing was refused')
    },
  }
}

const isRefusal = (error: unknown): boolean => error instanceof Syn2opError && error.code === 'target.not-allowed'
