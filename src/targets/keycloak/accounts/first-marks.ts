import { linkDigest, passwordDigest, profileDigest, profileNames, threepidDigest } from './digests.ts'
import type { Marks } from './marks.ts'
import type { WantedUser } from './wanted-user.ts'

/** The marks of a user all of which is written at once. */
export const firstMarks = (
  wanted: WantedUser,
  { runId, passwordDate }: { readonly runId: string; readonly passwordDate: number },
): Marks => {
  const { mxid, passwordHash, threepids, links } = wanted
  const names = profileNames(wanted)
  return {
    mxid,
    createdBy: runId,
    account: profileDigest(mxid, wanted, new Set(names)),
    attributes: names,
    ...(passwordHash === undefined
      ? {}
      : { password: { digest: passwordDigest(mxid, passwordHash, passwordDate), date: passwordDate } }),
    threepids: [...new Set(threepids.map((one) => threepidDigest(mxid, one)))].map((digest) => ({ digest })),
    links: links.map((link) => ({ alias: link.alias, digest: linkDigest(mxid, link) })),
  }
}
