import { createHash } from 'node:crypto'

/** How many names and addresses are taken for another one. */
export interface TwinCount {
  /** Within groups that belong to several accounts. */
  readonly ofSeveral: number
  /** Within groups that belong to one account. */
  readonly ofOne: number
}

export type TwinKind = keyof TwinCount

/**
 * Names by what they are folded to, 17 bytes each whatever their length: so that a homeserver of a million names that
 * all may be folded needs no more memory than its buffers.
 */
export interface TwinTable {
  /**
   * @param as `plain`: a name that no folding changes. There is one at most under each folded name, and it may be added
   * more than once.
   */
  add(name: { readonly mxid: string; readonly folded: string; readonly as: 'plain' | 'foldable' }): void
  count(): TwinCount
  /** Whether other names are folded to this one, and whose; undefined: none. */
  kindOf(folded: string): TwinKind | undefined
}

const FIRST_SIZE = 1024

/** Of two in a million million that differ, less than one pair is taken for the same at a million names. */
const hashOf = (text: string): bigint => createHash('sha256').update(text).digest().readBigUInt64BE()

/** Keeps 64-bit hashes; sorts them once, when it is asked first after an addition. */
export const twinTable = (): TwinTable => {
  let size = 0
  let folded = new BigUint64Array(FIRST_SIZE)
  let owners = new BigUint64Array(FIRST_SIZE)
  let plain = new Uint8Array(FIRST_SIZE)
  let kinds: ReadonlyMap<bigint, { readonly kind: TwinKind; readonly names: number }> | undefined

  const grow = (): void => {
    const before = { folded, owners, plain }
    folded = new BigUint64Array(2 * size)
    owners = new BigUint64Array(2 * size)
    plain = new Uint8Array(2 * size)
    folded.set(before.folded)
    owners.set(before.owners)
    plain.set(before.plain)
  }

  /** Only the groups of several names, which are few. */
  const groups = (): ReadonlyMap<bigint, { readonly kind: TwinKind; readonly names: number }> => {
    const order = Uint32Array.from({ length: size }, (_, index) => index).toSorted((one, other) => {
      const [a, b] = [folded[one] ?? 0n, folded[other] ?? 0n]
      return a < b ? -1 : a > b ? 1 : 0
    })
    const found = new Map<bigint, { kind: TwinKind; names: number }>()
    for (let begin = 0; begin < size; ) {
      const key = folded[order[begin] ?? 0] ?? 0n
      let end = begin
      let names = 0
      let plainSeen = false
      const whose = new Set<bigint>()
      for (; end < size; end++) {
        const at = order[end] ?? 0
        if (folded[at] !== key) break
        const isPlain = plain[at] === 1
        if (!isPlain || !plainSeen) names++
        plainSeen ||= isPlain
        whose.add(owners[at] ?? 0n)
      }
      if (names > 1) found.set(key, { kind: whose.size > 1 ? 'ofSeveral' : 'ofOne', names })
      begin = end
    }
    return found
  }

  return {
    add(name) {
      if (size === folded.length) grow()
      folded[size] = hashOf(name.folded)
      owners[size] = hashOf(name.mxid)
      plain[size] = name.as === 'plain' ? 1 : 0
      size++
      kinds = undefined
    },
    count() {
      kinds ??= groups()
      const all = [...kinds.values()]
      const of = (kind: TwinKind): number =>
        all.reduce((sum, group) => sum + (group.kind === kind ? group.names : 0), 0)
      return { ofSeveral: of('ofSeveral'), ofOne: of('ofOne') }
    },
    kindOf(text) {
      kinds ??= groups()
      return kinds.get(hashOf(text))?.kind
    },
  }
}
