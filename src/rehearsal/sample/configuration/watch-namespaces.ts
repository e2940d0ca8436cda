import type { FindingCode } from '../../../findings/catalogue.ts'
import { counted } from '../../../report/counted.ts'
import type { ApplicationService } from '../../../synapse/homeserver.ts'
import { isInNamespace } from './namespace-pieces.ts'

/** Looks at accounts as they are written. */
export interface WatchedNamespaces {
  see(mxid: string, masked: string): void
  /**
   * For people: namespaces that have other accounts in the sample than at the homeserver, and what may be missing so.
   * @param findings codes of what is found at the homeserver.
   */
  notes(findings: readonly string[]): readonly string[]
}

/** What is found by who is in a namespace. */
const BY_NAMESPACE: readonly FindingCode[] = ['APPSERVICE_USERS', 'GHOSTS_SUSPECTED', 'HELD_BACK_IN_USE']

/** @param masked of a regular expression. */
export const watchNamespaces = (
  services: readonly ApplicationService[],
  masked: (regex: string) => string,
): WatchedNamespaces => {
  const all = services.flatMap(({ users }, service) =>
    users.map(({ regex }, index) => ({
      what: `Namespace ${index + 1} of appservice-${service + 1}.yaml`,
      before: isInNamespace(regex),
      after: isInNamespace(masked(regex)),
      in: 0,
      lost: 0,
      gained: 0,
    })),
  )
  return {
    see: (mxid, other) => {
      for (const each of all) {
        if (each.before === undefined || each.after === undefined) continue
        const [was, is] = [each.before(mxid), each.after(other)]
        if (was) each.in++
        if (was && !is) each.lost++
        if (is && !was) each.gained++
      }
    },
    notes: (findings) => {
      const found = BY_NAMESPACE.filter((code) => findings.includes(code))
      const so = found.length === 0 ? '' : `. In the sample may differ or be missing: ${found.join(', ')}`
      return all.flatMap(({ what, before, after, in: members, lost, gained }) => [
        ...(before === undefined || after === undefined
          ? [
              `${what}: only Python can say who is in it, so nobody looked whether these are in it in the sample too${so}`,
            ]
          : []),
        ...(lost > 0
          ? [
              `${what}: of ${counted(members, 'account', 'accounts')} in it, ${lost} could not be masked so that it has them still${so}`,
            ]
          : []),
        ...(gained > 0
          ? [
              `${what}: has ${counted(gained, 'account', 'accounts')} in the sample that it has not at the homeserver${so}`,
            ]
          : []),
      ])
    },
  }
}
