import type { Groups } from './compare-groups.ts'
import type { Owners } from './pack-owners.ts'

/** Whether one of the groups has an owner. */
export const hasOwner = (groups: Groups<unknown>, owner: bigint): boolean =>
  [...groups.values()].some((owners) => isIn(owners, owner))

const isIn = (owners: Owners, owner: bigint): boolean => {
  let low = 0
  let high = owners.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const found = owners[middle] ?? 0n
    if (found === owner) return true
    if (found < owner) low = middle + 1
    else high = middle - 1
  }
  return false
}
