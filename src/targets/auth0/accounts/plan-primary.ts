import type { AccountChange } from '../../changes.ts'
import { countRows } from '../../row-changes.ts'
import type { PresentUser } from '../api/user.ts'
import { linkDigest, profileDigest, profileNames, threepidDigest } from './digests.ts'
import type { Link } from './links.ts'
import { decodeMarks, MARKS } from './marks.ts'
import { presentHoldings } from './metadata.ts'
import type { OwnUser, UserSeen } from './ownership.ts'
import type { LinksPlan } from './plan-links.ts'
import { isOurPrimary } from './primary-user.ts'
import type { UserRequests } from './user-requests.ts'
import type { WantedUser } from './wanted-user.ts'

interface Planned {
  readonly change: AccountChange
  readonly requests: UserRequests
}

/** What becomes of an account whose identity is somebody else's; undefined: it is not. */
export const takenPrimary = (
  wanted: WantedUser,
  { present, upstream }: UserSeen,
):
  | { readonly holds: true; readonly planned: Planned }
  | { readonly holds: false; readonly wanted: WantedUser }
  | undefined => {
  const link = wanted.links.find(({ how }) => how === 'scim')
  if (link === undefined || upstream === undefined) return undefined
  const marks = present === undefined ? undefined : decodeMarks(present.appMetadata[MARKS])
  const isUnderWay = marks?.underWay.includes(linkDigest(wanted.mxid, link)) === true
  const since = isUnderWay ? present?.createdAt : undefined
  if (isOurPrimary(upstream, { isOurs: (mxid) => mxid === wanted.mxid, since })) return undefined
  if (wanted.ifTaken === 'leave') {
    const { primaryId: _, links, leftLinks, ...others } = wanted
    return {
      holds: false,
      wanted: { ...others, links: links.filter((one) => one !== link), leftLinks: [...leftLinks, link] },
    }
  }
  const { username, email, id } = upstream
  const against = `the user ${username ?? email ?? id} (${id})`
  return {
    holds: true,
    planned: {
      change: { mxid: wanted.mxid, change: 'conflict', reason: 'identity_taken', against, rows: [] },
      requests: { kind: 'nothing' },
    },
  }
}

/** What whoever is linked is called is for their identity provider to say, and stays as it is. */
export const asLinked = (wanted: WantedUser, { present, marks }: OwnUser): WantedUser => {
  if (present.primaryId === undefined) return wanted
  const ours = new Set<string>([...Object.keys(wanted.names), ...marks.attributes])
  return { ...wanted, names: Object.fromEntries(Object.entries(present.names).filter(([name]) => ours.has(name))) }
}

/**
 * By what whoever is linked is known in the database is changed by a request of its own, and noted by the next. Where a run died between
 * the two, what is there as it is wanted is ours.
 */
export const caughtUp = (wanted: WantedUser, own: OwnUser): OwnUser => {
  const { present, marks } = own
  if (present.primaryId === undefined) return own
  const { mxid, threepids } = wanted
  const holdings = presentHoldings(present)
  const held = new Set(holdings.held.map((one) => threepidDigest(mxid, one)))
  const noted = new Set(marks.threepids.map(({ digest }) => digest))
  const arrived = threepids
    .filter(({ place }) => place === 'email' || place === 'phone')
    .map((one) => threepidDigest(mxid, one))
    .filter((digest) => held.has(digest) && !noted.has(digest))
  const names = new Set([...profileNames(wanted), ...marks.attributes])
  const isThere = profileDigest(mxid, holdings, names) === profileDigest(mxid, wanted, names)
  return {
    present,
    marks: {
      ...marks,
      ...(isThere ? { account: profileDigest(mxid, holdings, new Set(marks.attributes)) } : {}),
      threepids: [...marks.threepids, ...arrived.map((digest) => ({ digest }))],
    },
  }
}

/** Whether an identity is to go by which the user is known before all others. */
export const losesPrimary = ({ primaryId }: PresentUser, { unlink }: Pick<LinksPlan, 'unlink'>): boolean =>
  unlink.some(({ provider, userId }) => primaryId === `${provider}|${userId}`)

/** Whether whoever is made anew gets the user_id that they have. */
export const staysLinked = ({ primaryId }: WantedUser, present: PresentUser): boolean =>
  present.primaryId === undefined || present.primaryId === primaryId

/** What is to be made by SCIM where the user is made anew: what is linked goes with them. */
export const renewed = (
  { primaryId }: PresentUser,
  { links }: Pick<WantedUser, 'links'>,
  { provision }: Pick<LinksPlan, 'provision'>,
): readonly Link[] => (primaryId === undefined ? provision : links.filter(({ how }) => how === 'scim'))

/** Nobody's user_id is taken from them. */
export const primaryStays = ({ mxid }: WantedUser, { primaryId = '' }: PresentUser): Planned => {
  const words = `Synapse has no longer the identity of ${primaryId}, as whom Auth0 knows this person: delete that user at Auth0, and migrate again`
  return {
    change: {
      mxid,
      change: 'reject',
      message: words,
      rows: countRows([{ relation: 'external_id', action: 'remove' }]),
    },
    requests: { kind: 'refuse', words },
  }
}
