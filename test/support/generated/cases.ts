import { randomInt } from 'node:crypto'

/** `npm run test:full` and .ci/run try all of them, a bare `npm test` a few. */
export const ALL_CASES = process.env['SYN2OP_TEST_REQUIRE'] === 'all'

/** SYN2OP_TEST_SEED repeats a run. */
export const SEED = Number(process.env['SYN2OP_TEST_SEED'] ?? randomInt(1_000_000))

/** How many homeservers are migrated in one go; with those below that are no merges, a thousand. */
export const OFFLINE_CASES = ALL_CASES ? 800 : 40

/** How many are merged, and merged again, into a MAS that has people of its own. */
export const MERGE_CASES = ALL_CASES ? 10 : 3

/** How many are migrated in several runs while they change. */
export const ONLINE_CASES = ALL_CASES ? 150 : 15

/** How many cohort by cohort. */
export const STAGE_CASES = ALL_CASES ? 20 : 8

/** How many are taken back again, run by run. */
export const ROLLBACK_CASES = ALL_CASES ? 30 : 8

/** How many are checked and migrated at ends that are not as they should be. */
export const CHECK_CASES = ALL_CASES ? 40 : 20
