import { linkDigest, passwordDigest, profileDigest, profileNames, threepidDigest } from './digests.ts'
import { noteOf } from './links.ts'
import type { Marks } from './marks.ts'
import type { Writer } from './user-rules.ts'
import type { UserThen } from './user-then.ts'
import type { WantedUser } from './wanted-user.ts'

/** What a user holds that was made as it is wanted. */
export const firstHoldings = (wanted: WantedUser): UserThen => {
  const { username, names, attributes, blocked, isAdmin, createdAt, threepids, links } = wanted
  return {
    ...(username === undefined ? {} : { username }),
    names,
    attributes,
    blocked,
    isAdmin,
    createdAt,
    held: threepids,
    notes: links.filter(({ how }) => how === 'action').map(noteOf),
  }
}

/** The marks of a user all of which is written at once, but for links by SCIM: these come after it. */
export const firstMarks = (wanted: WantedUser, { serverName, runId }: Writer): Marks => {
  const { mxid, blocked, passwordHash, threepids, links, primaryId } = wanted
  const names = profileNames(wanted)
  return {
    mxid,
    server: serverName,
    createdBy: runId,
    account: profileDigest(mxid, wanted, new Set(names)),
    blocked,
    attributes: names,
    ...(passwordHash === undefined ? {} : { password: { digest: passwordDigest(mxid, passwordHash) } }),
    threepids: [...new Set(threepids.map((one) => threepidDigest(mxid, one)))].map((digest) => ({ digest })),
    links: links.map((link) => ({ digest: linkDigest(mxid, link) })),
    underWay: links.filter(({ how }) => how === 'scim').map((link) => linkDigest(mxid, link)),
    ...(primaryId === undefined ? {} : { primary: primaryId }),
  }
}
