/** At so many users the planner's picture of tables that grow from nothing is put right; later Keycloak's database does it in time. */
const AT_USERS: readonly number[] = [2000, 20_000]

/** Where a run begins among so many they may have come since the database last looked, as by a run that was killed. */
const SOME_USERS = 1000

/** Told of new users as they are made; has the statistics refreshed when they have become so many. */
export interface KeptStatistics {
  made(users: number): Promise<void>
}

/**
 * @param before counts the users that were there at first
 * @param refresh may fail: then the load is slower, and no worse
 */
export const keepStatistics = (before: () => Promise<number>, refresh: () => Promise<unknown>): KeptStatistics => {
  let made = 0
  return {
    async made(users) {
      const present = await before()
      const first = present + made
      const begins = made === 0 && present >= SOME_USERS
      made += users
      if (begins || AT_USERS.some((count) => first < count && first + users >= count)) {
        await refresh().catch(() => undefined)
      }
    },
  }
}
