import { firstHoldings, firstMarks } from './first-marks.ts'
import type { Marks } from './marks.ts'
import { toAppMetadata } from './metadata.ts'
import type { UserThen } from './user-then.ts'
import { addressAt, type WantedThreepid } from './wanted-threepids.ts'
import type { WantedUser } from './wanted-user.ts'

/** Auth0 takes profiles of 10 KB; this leaves room for what it adds by itself: identities, dates, a picture. */
export const MOST_PROFILE_BYTES = 9300

/** The ids of so many later runs find room in the marks beside the one that creates the user; each as long as ours are. */
const LATER_RUNS = 8
const RUN_ID = '20261121-031500-9f3a'

/** Of the profile of a user as it would be, without what others hold in it. */
export const profileBytes = (then: UserThen, marks: Marks): number => {
  const { username, names, held } = then
  const rootFields = { username, ...names, email: addressAt(held, 'email'), phone_number: addressAt(held, 'phone') }
  return Buffer.byteLength(JSON.stringify({ ...rootFields, app_metadata: toAppMetadata(then, marks) }))
}

/** How large it can become, with marks whose rows were written by several runs. */
export const profileBytesAtMost = (wanted: WantedUser): number => {
  const serverName = wanted.mxid.slice(wanted.mxid.indexOf(':') + 1)
  return profileBytes(firstHoldings(wanted), byManyRuns(firstMarks(wanted, { serverName, runId: RUN_ID })))
}

/** Whether the profile of a user finds room, with marks whose rows were written by several runs. */
export const isWithinProfile = (wanted: WantedUser): boolean =>
  isSurelyWithin(wanted) || profileBytesAtMost(wanted) <= MOST_PROFILE_BYTES

/** Of almost everybody so much is known without any digest: no text of theirs is in it more than twice. */
const isSurelyWithin = (wanted: WantedUser): boolean => {
  const { threepids, links } = wanted
  const texts = Buffer.byteLength(JSON.stringify(wanted))
  return 2 * texts + (threepids.length + links.length) * BYTES_OF_ROW_MARKS + BYTES_OF_MARKS <= MOST_PROFILE_BYTES
}

const BYTES_OF_ROW_MARKS = 80
const BYTES_OF_MARKS = 1000

/**
 * The user without what finds no room: first the attributes, the last ones first, then the phones, then the e-mails that are in the
 * metadata. Its marks and its SSO identities always stay.
 */
export const withinProfile = (wanted: WantedUser): WantedUser => {
  if (isWithinProfile(wanted)) return wanted
  const droppable = [
    ...Object.keys(wanted.attributes).toReversed(),
    ...wanted.threepids.filter(({ place }) => place === 'phones').toReversed(),
    ...wanted.threepids.filter(({ place }) => place === 'emails').toReversed(),
  ]
  let [least, most] = [1, droppable.length]
  while (least < most) {
    const middle = Math.floor((least + most) / 2)
    if (isWithinProfile(without(wanted, droppable.slice(0, middle)))) most = middle
    else least = middle + 1
  }
  return without(wanted, droppable.slice(0, most))
}

const without = (wanted: WantedUser, dropped: readonly (string | WantedThreepid)[]): WantedUser => {
  const gone = new Set(dropped)
  const threepids = wanted.threepids.filter((one) => !gone.has(one))
  const kept = Object.entries(wanted.attributes).filter(([name]) => !gone.has(name))
  const left = Object.keys(wanted.attributes).filter((name) => gone.has(name))
  return {
    ...wanted,
    attributes: Object.fromEntries(kept),
    leftAttributes: [...wanted.leftAttributes, ...left],
    threepids,
    leftThreepids: wanted.leftThreepids + wanted.threepids.length - threepids.length,
  }
}

const byManyRuns = (marks: Marks): Marks => {
  const run = (index: number): { readonly run: string } => ({ run: `${RUN_ID.slice(1)}${index % LATER_RUNS}` })
  const rows = [...marks.threepids, ...marks.links].map((row, index) => ({ ...row, ...run(index) }))
  return {
    ...marks,
    ...(marks.password === undefined ? {} : { password: { ...marks.password, ...run(0) } }),
    threepids: rows.slice(0, marks.threepids.length),
    links: rows.slice(marks.threepids.length),
    underWay: marks.links.map(({ digest }) => digest),
  }
}
