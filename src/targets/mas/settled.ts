/**
 * The results of works that go on at the same time, in their order. All of them are awaited before the first failure is
 * told, so that nobody uses a connection any more that is closed then.
 */
export const settled = async <One>(works: readonly Promise<One>[]): Promise<readonly One[]> => {
  const ended = await Promise.allSettled(works)
  return ended.map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
}
