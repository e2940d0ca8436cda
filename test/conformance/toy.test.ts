import { afterAll, describe } from 'vitest'
import { conformance } from '../../src/testing.ts'
import { toyHarness } from '../support/conformance/toy-harness.ts'
import { testWithoutParts } from '../support/conformance/without-parts.ts'

const harness = await toyHarness()
afterAll(() => harness.remove())

const ABSENT = [
  'the target has no rollback',
  'the harness cannot break the connection (breakConnection)',
  ...['usernames', 'primaryEmail', 'attributes'].map((rule) => `the target does not follow ${rule}`),
]

conformance(harness, { describe, test: testWithoutParts(ABSENT) })
