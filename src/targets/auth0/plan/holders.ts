import type { ConflictRules } from '../../../mapping/mapping.ts'
import type { ConflictCode } from '../../changes.ts'
import type { Name } from '../../slow-road/name.ts'
import { threepidDigest } from '../accounts/digests.ts'
import { decodeMarks, MARKS } from '../accounts/marks.ts'
import { userIdOf } from '../accounts/user-id.ts'
import type { Identifiers } from '../accounts/user-requests.ts'
import type { ConnectionRules } from '../accounts/user-rules.ts'
import type { PresentUser } from '../api/user.ts'
import type { Census, Identifier } from '../census/census-file.ts'
import { IDENTIFIERS, nameOf } from './names.ts'

/** A name that somebody else has. */
export interface Held {
  readonly kind: Identifier
  readonly name: Name
  readonly holder: PresentUser
  readonly reason: ConflictCode
  /** Whether all else is done where it stays somebody else's. */
  readonly isLeft: boolean
}

/** Who else has what a user is to get. */
export const heldNames = (
  census: Pick<Census, 'holder'>,
  { id, names }: { readonly id: string; readonly names: Identifiers },
  { conflicts, takes }: { readonly conflicts: ConflictRules; readonly takes: Pick<ConnectionRules, 'sharesEmails'> },
): readonly Held[] =>
  IDENTIFIERS.flatMap((kind): readonly Held[] => {
    const value = kind === 'email' && takes.sharesEmails === true ? undefined : names[kind]
    const holder = value === undefined ? undefined : census.holder(kind, value)
    if (value === undefined || holder === undefined || holder.id === id) return []
    return [{ kind, name: nameOf(kind, value), holder, ...rulesOf(kind, conflicts) }]
  })

/** A phone by which somebody else logs in is left: no rule of the mapping holds an account back for it. */
const rulesOf = (kind: Identifier, { email }: ConflictRules): Pick<Held, 'reason' | 'isLeft'> => {
  if (kind === 'username') return { reason: 'username_taken', isLeft: false }
  return { reason: 'email_taken', isLeft: kind === 'phone' || email === 'leave' }
}

/** Whether a run may take this name from its holder: we wrote it there. What somebody has chosen at Auth0 they keep. */
export const mayGiveUp = (
  { holder, kind }: Pick<Held, 'holder' | 'kind'>,
  { serverName, connection }: { readonly serverName: string; readonly connection: string },
): boolean => {
  const marks = decodeMarks(holder.appMetadata[MARKS])
  if (marks === undefined || marks.server.toLowerCase() !== serverName.toLowerCase()) return false
  if (userIdOf(connection, marks.mxid) !== holder.id) return false
  if (kind === 'username') return true
  const value = kind === 'email' ? holder.email : holder.phoneNumber
  if (value === undefined) return false
  const digest = threepidDigest(marks.mxid, { place: kind, value })
  return marks.threepids.some((mark) => mark.digest === digest)
}

/** Whether we wrote the holder for the very account that is in question, into a connection of another name. */
export const isSameAccount = ({ appMetadata }: PresentUser, mxid: string): boolean =>
  decodeMarks(appMetadata[MARKS])?.mxid === mxid
