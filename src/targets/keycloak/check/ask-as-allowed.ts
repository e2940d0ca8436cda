import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { AdminApi, AdminRequest } from '../api/admin-api.ts'

/** Asks what the client may perhaps not ask. */
export interface Asking {
  /** Undefined where it may not. */
  ask<Answer>(question: () => Promise<Answer>): Promise<Answer | undefined>
  /** Whether it may, whatever else is answered. */
  may(request: AdminRequest): Promise<boolean>
  /** Raises the first refusal, which says why. */
  giveUp(): never
}

export const askAsAllowed = (api: AdminApi): Asking => {
  const refusals: Syn2opError[] = []
  const ask: Asking['ask'] = async (question) => {
    try {
      return await question()
    } catch (error) {
      if (!(error instanceof Syn2opError) || error.code !== 'target.not-allowed') throw error
      refusals.push(error)
      return undefined
    }
  }
  return {
    ask,
    may: async (request) => (await ask(() => api.send(request))) !== undefined,
    giveUp: () => {
      throw refusals[0] ?? new TypeError('nothing was refused')
    },
  }
}
