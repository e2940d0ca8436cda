import type { PresentUser } from '../api/user.ts'
import { decodeMarks, MARKS } from './marks.ts'
import { hasMetadata } from './metadata.ts'

/** A user whom SCIM has made for a database user, as far as that one tells. */
export interface PrimaryOf {
  /** The user_id. */
  readonly id: string
  /** Where a run was about to have it made: since when the database user is there, in milliseconds since 1970. */
  readonly since?: number
}

/** Undefined: SCIM has nothing to do with this one. */
export const primaryOf = ({ primaryId, appMetadata, createdAt }: PresentUser): PrimaryOf | undefined => {
  const marks = decodeMarks(appMetadata[MARKS])
  const id = primaryId ?? marks?.primary
  if (id === undefined) return undefined
  const isUnderWay = marks !== undefined && marks.underWay.length > 0
  return { id, ...(isUnderWay && createdAt !== undefined ? { since: createdAt } : {}) }
}

/**
 * Whether the user of SCIM was made by us for an account. Between making and marking it a run may die: then it is ours where nobody has
 * used it or told anything of it since, and where it was not there before we said that we would make it. What an identity provider makes
 * by SCIM has names.
 */
export const isOurPrimary = (
  user: PresentUser,
  { isOurs, since }: { readonly isOurs: (mxid: string) => boolean; readonly since: number | undefined },
): boolean => {
  const marks = decodeMarks(user.appMetadata[MARKS])
  if (marks !== undefined) return isOurs(marks.mxid)
  return since !== undefined && isBare(user) && (user.createdAt ?? 0) >= since
}

/** Whether nobody has told anything of it, or used it. */
export const isBare = (user: PresentUser): boolean => {
  const { loginsCount, lastLogin, names, identities } = user
  const isNamed = names.given_name !== undefined || names.family_name !== undefined
  return loginsCount === 0 && lastLogin === undefined && !isNamed && !hasMetadata(user) && identities.length <= 1
}
