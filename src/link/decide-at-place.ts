import type { Finding } from '../findings/finding.ts'
import type { ConflictRules } from '../mapping/mapping.ts'
import type { LinkDocument } from '../report/link-document.ts'
import { asOthers, type DecidedLinks, decideLinks, withoutStrangers } from './decide-links.ts'
import { conflictFindings, type LoginsAt, missingUsers } from './link-findings.ts'
import type { UpstreamProvider, WantedLink } from './link-place.ts'
import type { OpenPlace } from './open-place.ts'
import type { SubjectsThere } from './subjects-there.ts'

interface Decided extends DecidedLinks {
  readonly missing: number
  readonly findings: readonly Finding[]
}

/** What is to be linked at the place, and what an administrator should know of it. */
export const decideAtPlace = async (
  { place, client }: OpenPlace,
  wanted: readonly WantedLink[],
  {
    provider,
    usernames,
    away,
    logins,
  }: {
    readonly provider: UpstreamProvider
    readonly usernames: ConflictRules['username'] | undefined
    readonly away: SubjectsThere['others']
    readonly logins: LoginsAt
  },
): Promise<Decided> => {
  const readiness = await place.readiness(client, provider)
  const owned = await place.owners(client, wanted)
  const found = new Set(owned.map(({ mxid }) => mxid))
  const missing = wanted.filter(({ mxid }) => !found.has(mxid))
  const byLinks = decideLinks(owned, await place.present(client, provider))
  const decided = withoutStrangers(byLinks, (await place.strangers?.(client, byLinks.write, usernames)) ?? new Set())
  const conflicts = [...decided.conflicts, ...asOthers(away)]
  return {
    ...decided,
    conflicts,
    missing: missing.length,
    findings: [...readiness, ...missingUsers(missing, place), ...conflictFindings(conflicts, logins)],
  }
}

/** As the document of a link tells them; none is left out. */
export const countsOf = ({ write, there, conflicts, missing }: Decided): NonNullable<LinkDocument['links']> => ({
  write: write.length,
  ...(there === 0 ? {} : { there }),
  ...(conflicts.length === 0 ? {} : { conflicts: conflicts.length }),
  ...(missing === 0 ? {} : { missing }),
})
