import { describe, test } from 'vitest'
import { conformance } from '../../src/testing.ts'
import { memoryHarness } from '../support/conformance/memory-harness.ts'

conformance(memoryHarness(), { describe, test })
