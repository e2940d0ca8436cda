import { afterAll, describe } from 'vitest'
import { conformance } from '../../src/testing.ts'
import { masHarness } from '../support/conformance/mas-harness.ts'
import { testWithoutParts } from '../support/conformance/without-parts.ts'
import { testPostgres } from '../support/postgres.ts'

const harness = await masHarness(testPostgres(), 'conformance')
afterAll(() => harness.close())

// The Matrix id is made of the username: MAS follows no other, and has neither a primary address nor attributes.
const ABSENT = [
  'the target has no rollback',
  ...['usernames', 'primaryEmail', 'attributes'].map((rule) => `the target does not follow ${rule}`),
]

conformance(harness, { describe, test: testWithoutParts(ABSENT) })
