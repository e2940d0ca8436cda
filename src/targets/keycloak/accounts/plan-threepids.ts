import type { PlannedRow, RowAction } from '../../row-changes.ts'
import type { PresentUser } from '../api/user.ts'
import { threepidDigest } from './digests.ts'
import type { Marks, RowMark } from './marks.ts'
import type { AttributeNames } from './user-rules.ts'
import type { Place, WantedThreepid } from './wanted-threepids.ts'
import type { WantedUser } from './wanted-user.ts'

export interface ThreepidsPlan {
  readonly rows: readonly PlannedRow[]
  /** All addresses that the user then has, ours and others'; one of them at most is in the field. */
  readonly held: readonly WantedThreepid[]
  readonly marks: readonly RowMark[]
}

interface PlannedThreepid {
  readonly one: WantedThreepid
  readonly action: RowAction
  /** The digest of the same address in the other place for e-mails, where it is and does not belong. */
  readonly from?: string
}

/** Which addresses a user has, and where. */
export const heldThreepids = (present: PresentUser, names: AttributeNames): readonly WantedThreepid[] => {
  const at = (place: Place, values: readonly string[] = []): readonly WantedThreepid[] =>
    [...new Set(values)].map((value) => ({ place, value }))
  return [
    ...at('email', present.email === undefined ? [] : [present.email]),
    ...at('emails', present.attributes[names.emails]),
    ...at('phones', present.attributes[names.phones]),
  ]
}

/**
 * What becomes of the addresses of a user. An address that is in the field or in the attribute is the same row in either place.
 * What we wrote and is in neither was taken away by somebody, and a field that somebody has filled is not ours.
 */
export const planThreepids = (
  { mxid, threepids }: WantedUser,
  held: readonly WantedThreepid[],
  { marks, run }: { readonly marks: Marks; readonly run: Pick<RowMark, 'run'> },
): ThreepidsPlan => {
  const digest = digester(mxid)
  const base = new Map(marks.threepids.map((mark) => [mark.digest, mark]))
  const there = new Set(held.map(digest))
  const wanted = new Set(threepids.map(digest))
  const isFieldTheirs = held.some((one) => one.place === 'email' && !base.has(digest(one)))

  const plan = (one: WantedThreepid): PlannedThreepid => {
    if (there.has(digest(one))) return { one, action: 'unchanged' }
    const isBlocked = one.place === 'email' && isFieldTheirs
    const other = otherPlace(one)
    const from = other === undefined || wanted.has(digest(other)) ? undefined : digest(other)
    if (from !== undefined && there.has(from)) {
      if (base.has(from)) return { one, action: isBlocked ? 'theirs' : 'update', from }
      return { one, action: base.has(digest(one)) ? 'theirs' : 'foreign', from }
    }
    if (base.has(digest(one)) || (from !== undefined && base.has(from))) return { one, action: 'theirs' }
    return { one, action: isBlocked ? 'foreign' : 'create' }
  }

  const planned = threepids.map(plan)
  const moved = new Map(
    planned.flatMap(({ one, action, from }) => (action === 'update' && from !== undefined ? [[from, one]] : [])),
  )
  const staying = new Set(
    planned.flatMap(({ action, from }) => (action === 'theirs' && from !== undefined ? [from] : [])),
  )
  const removed = new Set(
    [...there].filter((of) => base.has(of) && !wanted.has(of) && !moved.has(of) && !staying.has(of)),
  )
  const written = unique(
    planned.flatMap(({ one, action }) => (isWrite(action) ? [one] : [])),
    digest,
  )
  const isGone = (of: string): boolean => removed.has(of) || moved.has(of)
  const claimed = new Set(
    threepids.flatMap((one) => [one, otherPlace(one)].flatMap((at) => (at === undefined ? [] : [digest(at)]))),
  )
  const runs = new Map([...moved].map(([from, one]) => [digest(one), runOf(base.get(from))]))
  return {
    rows: [...planned.map(({ action }) => action), ...Array.from(removed, () => 'remove' as const)].map((action) => ({
      relation: 'threepid',
      action,
    })),
    held: [...held.filter((one) => !isGone(digest(one))), ...written],
    marks: [
      // What neither side has any more is nobody's.
      ...marks.threepids.filter(({ digest: of }) => !isGone(of) && (there.has(of) || claimed.has(of))),
      ...written.map((one) => ({ digest: digest(one), ...(runs.get(digest(one)) ?? run) })),
    ],
  }
}

/** Each address is asked for several times. */
const digester = (mxid: string): ((one: WantedThreepid) => string) => {
  const known = new Map<string, string>()
  return (one) => {
    const key = `${one.place} ${one.value}`
    const digest = known.get(key) ?? threepidDigest(mxid, one)
    known.set(key, digest)
    return digest
  }
}

const otherPlace = ({ place, value }: WantedThreepid): WantedThreepid | undefined => {
  if (place === 'phones') return undefined
  return { place: place === 'email' ? 'emails' : 'email', value }
}

const isWrite = (action: RowAction): boolean => action === 'create' || action === 'update'

const unique = (all: readonly WantedThreepid[], digest: (one: WantedThreepid) => string): readonly WantedThreepid[] => [
  ...new Map(all.map((one) => [digest(one), one])).values(),
]

const runOf = (mark: RowMark | undefined): Pick<RowMark, 'run'> => (mark?.run === undefined ? {} : { run: mark.run })
