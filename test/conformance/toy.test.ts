import { afterAll, describe, test } from 'vitest'
import { conformance } from '../../src/testing.ts'
import { toyHarness } from '../support/conformance/toy-harness.ts'

const harness = await toyHarness()
afterAll(() => harness.remove())

conformance(harness, { describe, test })
