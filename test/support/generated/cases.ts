import { randomInt } from 'node:crypto'

/** `npm run test:full` and .ci/run try all of them, a bare `npm test` a few. */
export const ALL_CASES = process.env['SYN2OP_TEST_REQUIRE'] === 'all'

/** SYN2OP_TEST_SEED repeats a run. */
export const SEED = Number(process.env['SYN2OP_TEST_SEED'] ?? randomInt(1_000_000))

/** How many homeservers a property is tried on. */
export const CASES = ALL_CASES ? 1000 : 60
