import { afterAll, describe, test } from 'vitest'
import { conformance } from '../../src/testing.ts'
import { masHarness } from '../support/conformance/mas-harness.ts'
import { testPostgres } from '../support/postgres.ts'

const harness = await masHarness(testPostgres(), 'conformance')
afterAll(() => harness.close())

conformance(harness, { describe, test })
