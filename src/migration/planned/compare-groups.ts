import type { Owners } from './pack-owners.ts'

/** Owners by what becomes of them. */
export type Groups<Key> = ReadonlyMap<Key, Owners>

export interface Moved<Key> {
  readonly before: Key
  readonly now: Key
  readonly owners: readonly bigint[]
}

/** How two groupings of owners differ. */
export interface GroupDifference<Key> {
  /** In both, in another group; ordered by groups. */
  readonly moved: readonly Moved<Key>[]
  readonly onlyBefore: ReadonlyMap<Key, readonly bigint[]>
  readonly onlyNow: ReadonlyMap<Key, readonly bigint[]>
}

/**
 * Finds who is in another group than before, who is new and who is gone. Only those who differ are looked at one by one: of two
 * lists in ascending order that takes one walk along both.
 */
export const compareGroups = <Key>(before: Groups<Key>, now: Groups<Key>): GroupDifference<Key> => {
  const left = new Map<bigint, Key>()
  const arrived = new Map<Key, readonly bigint[]>()
  for (const key of new Set([...before.keys(), ...now.keys()])) {
    const apart = differing(before.get(key) ?? NONE, now.get(key) ?? NONE)
    for (const owner of apart.first) left.set(owner, key)
    if (apart.second.length > 0) arrived.set(key, apart.second)
  }
  const moved = new Map<Key, Map<Key, bigint[]>>()
  const onlyNow = new Map<Key, bigint[]>()
  for (const [key, owners] of arrived) {
    for (const owner of owners) {
      const from = left.get(owner)
      if (from === undefined) into(onlyNow, key).push(owner)
      else into(ofKey(moved, from), key).push(owner)
      left.delete(owner)
    }
  }
  const onlyBefore = new Map<Key, bigint[]>()
  for (const [owner, key] of left) into(onlyBefore, key).push(owner)
  return {
    moved: [...moved].flatMap(([from, groups]) =>
      [...groups].map(([to, owners]) => ({ before: from, now: to, owners })),
    ),
    onlyBefore,
    onlyNow,
  }
}

const NONE: Owners = new BigInt64Array()

/** Of two ascending lists, those that only one of them has. */
const differing = (a: Owners, b: Owners): { readonly first: readonly bigint[]; readonly second: readonly bigint[] } => {
  const first: bigint[] = []
  const second: bigint[] = []
  let i = 0
  let j = 0
  for (;;) {
    const x = a[i]
    const y = b[j]
    if (x === undefined && y === undefined) return { first, second }
    if (x === y) {
      i++
      j++
    } else if (y === undefined || (x !== undefined && x < y)) {
      first.push(x ?? 0n)
      i++
    } else {
      second.push(y)
      j++
    }
  }
}

const into = <Key>(groups: Map<Key, bigint[]>, key: Key): bigint[] => {
  const group = groups.get(key) ?? []
  groups.set(key, group)
  return group
}

const ofKey = <Key>(groups: Map<Key, Map<Key, bigint[]>>, key: Key): Map<Key, bigint[]> => {
  const inner = groups.get(key) ?? new Map<Key, bigint[]>()
  groups.set(key, inner)
  return inner
}
