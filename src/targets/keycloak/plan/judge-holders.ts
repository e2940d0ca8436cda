import type { ConflictRules } from '../../../mapping/mapping.ts'
import type { ConflictCode } from '../../changes.ts'
import { MARKS } from '../accounts/user-rules.ts'
import type { WantedUser } from '../accounts/wanted-user.ts'
import type { PresentUser } from '../api/users-api.ts'
import type { Holders } from './holders.ts'

export interface Conflict {
  readonly reason: ConflictCode
  /** Who is in the way, in words. */
  readonly against: string
}

/** Rows that stay away since what they hold is somebody else's, and the mapping says to leave them. */
export interface LeftRows {
  readonly threepid: number
  readonly external_id: number
}

export type Judgement =
  | { readonly kind: 'conflict'; readonly conflict: Conflict }
  /** `without`: what is wanted without what is left; absent: nothing is. */
  | { readonly kind: 'free'; readonly without?: { readonly wanted: WantedUser; readonly left: LeftRows } }

export interface Judging {
  readonly conflicts: ConflictRules
  readonly serverName: string
}

/** Capitals of server names do not count. */
export const isOurs = ({ attributes }: PresentUser, serverName: string): boolean =>
  attributes[MARKS.server]?.some((name) => name.toLowerCase() === serverName.toLowerCase()) === true

const nameOf = ({ username, id }: PresentUser): string => `the user ${username} (${id})`

/**
 * What becomes of a user of whose names some are others'. A link of somebody whom we wrote is no conflict: it moves in the
 * source, and its old owner loses it in their own turn.
 */
export const judgeHolders = (wanted: WantedUser, holders: Holders, { conflicts, serverName }: Judging): Judgement => {
  const { username, email } = holders
  const links = holders.links.filter(({ holder }) => !isOurs(holder, serverName))
  const [link] = links
  if (username !== undefined) return conflictOf('username_taken', username)
  if (email !== undefined && conflicts.email !== 'leave') return conflictOf('email_taken', email)
  if (link !== undefined && conflicts.identity !== 'leave') return conflictOf('identity_taken', link.holder)
  if (email === undefined && link === undefined) return { kind: 'free' }
  const { email: address, ...rest } = wanted
  const kept = wanted.threepids.filter(({ place }) => email === undefined || place !== 'email')
  return {
    kind: 'free',
    without: {
      wanted: {
        ...rest,
        ...(address === undefined || email !== undefined ? {} : { email: address }),
        threepids: kept,
        links: wanted.links.filter((one) => !links.some((taken) => taken.link === one)),
      },
      left: { threepid: wanted.threepids.length - kept.length, external_id: links.length },
    },
  }
}

/** The same of an address that another account of the same homeserver gets. */
export const judgeClaimed = (
  wanted: WantedUser,
  left: LeftRows | undefined,
  { email }: Pick<ConflictRules, 'email'>,
): Judgement => {
  if (email !== 'leave') {
    return { kind: 'conflict', conflict: { reason: 'email_taken', against: 'another account of this homeserver' } }
  }
  const { email: _, ...rest } = wanted
  const threepids = wanted.threepids.filter(({ place }) => place !== 'email')
  const { threepid = 0, external_id = 0 } = left ?? {}
  return {
    kind: 'free',
    without: {
      wanted: { ...rest, threepids },
      left: { threepid: threepid + wanted.threepids.length - threepids.length, external_id },
    },
  }
}

const conflictOf = (reason: ConflictCode, holder: PresentUser): Judgement => ({
  kind: 'conflict',
  conflict: { reason, against: nameOf(holder) },
})
