import { Syn2opError } from '../errors/syn2op-error.ts'
import type { ReadinessDocument } from '../report/readiness-document.ts'
import { withoutSlash } from './gather/addresses.ts'

/** Whose answers a result is of. */
export type Compared = Pick<ReadinessDocument, 'homeserver' | 'op'>

/**
 * A result of another homeserver or OP says nothing of this one. The OP of a homeserver may be another than before: that is what a
 * migration is for.
 * @throws Syn2opError usage
 */
export const checkComparable = (before: Compared, now: Compared): void => {
  if (isSame(before, now)) return
  throw new Syn2opError('usage', `--compare has a result of ${whose(before)}, and not of ${whose(now)}`, {
    next: ['Give the one that was written before the change of the same servers, by --report json=before.json'],
  })
}

const isSame = (before: Compared, now: Compared): boolean => {
  const [was, is] = [before.homeserver, now.homeserver]
  if (was !== undefined && is !== undefined) {
    if (was.serverName !== undefined && is.serverName !== undefined) return was.serverName === is.serverName
    // By its name and before it was asked, nobody knows whether it is the one at that address.
    return was.baseUrl === undefined || is.baseUrl === undefined || isSameAddress(was.baseUrl, is.baseUrl)
  }
  if (was !== undefined || is !== undefined) return false
  return before.op !== undefined && now.op !== undefined && isSameAddress(before.op.issuer, now.op.issuer)
}

const isSameAddress = (one: string, other: string): boolean => withoutSlash(one) === withoutSlash(other)

const whose = ({ homeserver, op }: Compared): string => {
  const name = homeserver?.serverName ?? homeserver?.baseUrl
  if (name !== undefined) return name
  return op === undefined ? 'no server' : `the OP ${op.issuer}`
}
