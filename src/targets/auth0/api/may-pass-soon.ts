import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { isUnclear } from '../../http/unclear.ts'

/**
 * Whether a request that does no more when it is done twice is worth asking again at once: its answer was lost, Auth0 failed over it, or
 * no connection could be made. Whoever asks to be left alone for a time is to be left alone.
 */
export const mayPassSoon = (error: unknown): boolean =>
  isUnclear(error) ||
  (error instanceof Syn2opError && error.code === 'server.unreachable' && error.retryAfter === undefined)
