import { linkDigest, passwordDigest, profileDigest, profileNames, threepidDigest } from './digests.ts'
import type { Given, Marks } from './marks.ts'
import type { WantedUser } from './wanted-user.ts'

/** The marks of a user all of which is written at once. */
export const firstMarks = (
  wanted: WantedUser,
  { runId, passwordDate, given }: { readonly runId: string; readonly passwordDate: number; readonly given: Given },
): Marks => {
  const { mxid, enabled, passwordHash, threepids, links } = wanted
  const names = profileNames(wanted)
  return {
    mxid,
    createdBy: runId,
    account: profileDigest(mxid, wanted, new Set(names)),
    enabled,
    attributes: names,
    ...(passwordHash === undefined
      ? {}
      : { password: { digest: passwordDigest(mxid, passwordHash, passwordDate), date: passwordDate } }),
    threepids: [...new Set(threepids.map((one) => threepidDigest(mxid, one)))].map((digest) => ({ digest })),
    links: links.map((link) => ({ alias: link.alias, digest: linkDigest(mxid, link) })),
    underWay: [],
    given,
  }
}
