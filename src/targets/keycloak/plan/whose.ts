import { linkDigest, threepidDigest } from '../accounts/digests.ts'
import { decodeMarks } from '../accounts/marks.ts'
import { userIdOf } from '../accounts/user-id.ts'
import { MARKS } from '../accounts/user-rules.ts'
import type { PresentUser } from '../api/users-api.ts'
import type { Held } from './judge-holders.ts'

/**
 * Whether a run may take this name from its holder: we wrote it there. What somebody has chosen at Keycloak they keep. Capitals of
 * server names do not count.
 */
export const mayGiveUp = (
  { holder, reason, link }: Held,
  { serverName, realm }: { readonly serverName: string; readonly realm: string },
): boolean => {
  const { attributes, id, email } = holder
  const isOurs = attributes[MARKS.server]?.some((name) => name.toLowerCase() === serverName.toLowerCase()) === true
  const marks = isOurs ? decodeMarks(attributes[MARKS.written] ?? []) : undefined
  if (marks === undefined || userIdOf(realm, marks.mxid) !== id) return false
  const { mxid, links, threepids } = marks
  if (link !== undefined) return links.some(({ digest }) => digest === linkDigest(mxid, link))
  if (reason !== 'email_taken') return true
  return (
    email !== undefined &&
    threepids.some(({ digest }) => digest === threepidDigest(mxid, { place: 'email', value: email }))
  )
}

/** Whether we wrote the holder for the very account that is in question, when the realm had another name. */
export const isSameAccount = ({ attributes }: PresentUser, mxid: string): boolean =>
  decodeMarks(attributes[MARKS.written] ?? [])?.mxid === mxid
