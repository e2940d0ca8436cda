import type { Evidence } from '../evidence.ts'
import { errcodeOf, memberOf, objectOf } from '../metadata/reading.ts'
import { hasMas, isSynapse } from './homeserver-saying.ts'

/** How Synapse says of a name that it is not free, which it tells only where people can take one. */
const TAKEN: ReadonlySet<string | undefined> = new Set(['M_USER_IN_USE', 'M_INVALID_USERNAME', 'M_EXCLUSIVE'])

/**
 * Whether the homeserver makes accounts itself, by /register. Synapse says of every name that nobody can have it where it makes none;
 * Dendrite, Tuwunel and continuwuity look at the name alone.
 */
export const registers = (evidence: Evidence): 'yes' | 'no' | 'unknown' => {
  const answer = evidence.asked.registerAvailable?.answer
  if (answer === undefined) return 'unknown'
  if (answer.status === 403 || answer.status === 404) return 'no'
  const isSaid =
    (answer.status === 200 && memberOf(objectOf(answer.json), 'available') === true) || TAKEN.has(errcodeOf(answer))
  return isSaid && (isSynapse(evidence) || hasMas(evidence)) ? 'yes' : 'unknown'
}
