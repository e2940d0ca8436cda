/**
 * Does some work for each of some items, so many at a time, in their order. After the first failure nothing more is begun; what is under
 * way is awaited, so that nothing of it goes on beside whatever follows.
 * @returns what came of each, in the order of the items
 * @throws the first error
 */
export const eachAtMost = async <Item, Result>(
  count: number,
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results: Result[] = []
  const failures: unknown[] = []
  const left = items.entries()
  const lane = async (): Promise<void> => {
    for (const [at, item] of left) {
      try {
        results[at] = await work(item, at)
      } catch (error) {
        failures.push(error)
      }
      if (failures.length > 0) return
    }
  }
  await Promise.all(Array.from({ length: Math.min(count, items.length) }, lane))
  if (failures.length > 0) throw failures[0]
  return results
}
