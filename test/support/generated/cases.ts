import { randomInt } from 'node:crypto'

/** .ci/run tries so many that each reason code is reached, a bare `npm test` a few. */
export const ALL_CASES = process.env['SYN2OP_TEST_REQUIRE'] === 'all'

/** `npm run test:full` tries more than CI has time for. */
export const LONG_CASES = process.env['SYN2OP_TEST_LONG'] === '1'

const cases = (few: number, all: number, long: number): number => (LONG_CASES ? long : ALL_CASES ? all : few)

/** SYN2OP_TEST_SEED repeats a run. */
export const SEED = Number(process.env['SYN2OP_TEST_SEED'] ?? randomInt(1_000_000))

/** How many homeservers are migrated in one go; in the long form, with those below that are no merges, a thousand. */
export const OFFLINE_CASES = cases(40, 300, 800)

/** How many are merged, and merged again, into a MAS that has people of its own. */
export const MERGE_CASES = cases(3, 10, 10)

/** How many are migrated in several runs while they change. */
export const ONLINE_CASES = cases(15, 30, 150)

/** How many cohort by cohort. */
export const STAGE_CASES = cases(8, 12, 20)

/** How many are taken back again, run by run. */
export const ROLLBACK_CASES = cases(8, 15, 30)

/** How many are checked and migrated at ends that are not as they should be. */
export const CHECK_CASES = cases(20, 40, 40)
