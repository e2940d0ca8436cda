import type { PlannedRow, RowAction } from '../row-changes.ts'
import { type RowMark, runOf } from './row-mark.ts'

/** An e-mail address or a phone where a target holds it: in the one field for such an address, or among others. */
export interface HeldAddress {
  readonly place: string
  /** As it is held there. */
  readonly value: string
}

/** What a target says of its places. */
export interface Places<Address extends HeldAddress> {
  digest(address: Address): string
  /** The same address in the other place that such addresses have; undefined: they have one only. */
  elsewhere(address: Address): Address | undefined
  /** Whether there is room for one address only. */
  isField(place: Address['place']): boolean
}

export interface AddressesPlan<Address extends HeldAddress> {
  readonly rows: readonly PlannedRow[]
  /** All addresses that the user then has, ours and others'; one of them at most is in each field. */
  readonly held: readonly Address[]
  readonly marks: readonly RowMark[]
}

interface PlannedAddress<Address extends HeldAddress> {
  readonly one: Address
  readonly action: RowAction
  /** The digest of the same address in the other place, where it is and does not belong. */
  readonly from?: string
}

/**
 * What becomes of the addresses of a user. An address that is in a field or among others is the same row in either place.
 * What we wrote and is in neither was taken away by somebody, and a field that somebody has filled is not ours.
 */
export const planAddresses = <Address extends HeldAddress>(
  wantedAddresses: readonly Address[],
  held: readonly Address[],
  {
    marks,
    run,
    places,
  }: { readonly marks: readonly RowMark[]; readonly run: Pick<RowMark, 'run'>; readonly places: Places<Address> },
): AddressesPlan<Address> => {
  const digest = remembered(places)
  const base = new Map(marks.map((mark) => [mark.digest, mark]))
  const there = new Set(held.map(digest))
  const wanted = new Set(wantedAddresses.map(digest))
  const theirFields = new Set(
    held.flatMap((one) => (places.isField(one.place) && !base.has(digest(one)) ? [one.place] : [])),
  )

  const plan = (one: Address): PlannedAddress<Address> => {
    if (there.has(digest(one))) return { one, action: 'unchanged' }
    const isBlocked = theirFields.has(one.place)
    const other = places.elsewhere(one)
    const from = other === undefined || wanted.has(digest(other)) ? undefined : digest(other)
    if (from !== undefined && there.has(from)) {
      if (base.has(from)) return { one, action: isBlocked ? 'theirs' : 'update', from }
      return { one, action: base.has(digest(one)) ? 'theirs' : 'foreign', from }
    }
    if (base.has(digest(one)) || (from !== undefined && base.has(from))) return { one, action: 'theirs' }
    return { one, action: isBlocked ? 'foreign' : 'create' }
  }

  const planned = wantedAddresses.map(plan)
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
    planned.flatMap(({ one, action }) => (action === 'create' || action === 'update' ? [one] : [])),
    digest,
  )
  const isGone = (of: string): boolean => removed.has(of) || moved.has(of)
  const claimed = new Set(
    wantedAddresses.flatMap((one) =>
      [one, places.elsewhere(one)].flatMap((at) => (at === undefined ? [] : [digest(at)])),
    ),
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
      ...marks.filter(({ digest: of }) => !isGone(of) && (there.has(of) || claimed.has(of))),
      ...written.map((one) => ({ digest: digest(one), ...(runs.get(digest(one)) ?? run) })),
    ],
  }
}

/** Each address is asked for several times. */
const remembered = <Address extends HeldAddress>({ digest }: Places<Address>): ((one: Address) => string) => {
  const known = new Map<string, string>()
  return (one) => {
    const key = `${one.place} ${one.value}`
    const found = known.get(key) ?? digest(one)
    known.set(key, found)
    return found
  }
}

const unique = <Address>(all: readonly Address[], digest: (one: Address) => string): readonly Address[] => [
  ...new Map(all.map((one) => [digest(one), one])).values(),
]
