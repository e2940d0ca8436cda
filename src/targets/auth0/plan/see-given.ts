import { eachAtMost } from '../../slow-road/each-at-most.ts'
import { givenTo } from '../api/given-api.ts'
import type { Auth0Tenant } from '../tenant.ts'
import type { KnownSubject, PlannedSubject } from './subject.ts'

/** Users who are looked at at a time; how many requests that may be in a time, the quota says. */
const AT_ONCE = 4

/**
 * Whoever would be deleted to be made anew, with what they have been given beside their profile, which no import brings back; all
 * others as they are.
 */
export const seeGiven = (
  { api }: Pick<Auth0Tenant, 'api'>,
  subjects: readonly KnownSubject[],
  { plan, signal }: { readonly plan: (of: KnownSubject) => PlannedSubject; readonly signal: AbortSignal },
): Promise<readonly KnownSubject[]> =>
  eachAtMost(AT_ONCE, subjects, async (subject) => {
    const { seen, id } = subject
    if (plan({ ...subject, seen: { ...seen, given: [] } }).requests.kind !== 'reimport') return subject
    const given = await givenTo(api, seen.present?.primaryId ?? id, signal)
    return { ...subject, seen: { ...seen, given } }
  })
