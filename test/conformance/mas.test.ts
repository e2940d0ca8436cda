import { afterAll, describe } from 'vitest'
import { conformance } from '../../src/testing.ts'
import { masHarness } from '../support/conformance/mas-harness.ts'
import { testWithoutParts } from '../support/conformance/without-parts.ts'
import { testPostgres } from '../support/postgres.ts'

const harness = await masHarness(testPostgres(), 'conformance')
afterAll(() => harness.close())

conformance(harness, { describe, test: testWithoutParts(['the target has no rollback']) })
