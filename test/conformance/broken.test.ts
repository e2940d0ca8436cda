import { describe, expect, test } from 'vitest'
import { runConformance } from '../../src/testing.ts'
import { BROKEN_TARGETS } from '../support/conformance/broken-targets.ts'
import { memoryHarness } from '../support/conformance/memory-harness.ts'

describe('the suite tells a target’s author what is wrong', () => {
  for (const { wrong, open, family, name, message } of BROKEN_TARGETS) {
    test(`of one that ${wrong}`, async () => {
      const harness = memoryHarness(open)
      const report = await runConformance(harness, { families: [family] })
      const told = report.cases.find((one) => one.name === name)
      expect(told).toMatchObject({ result: 'failed', message: expect.stringMatching(message) })
    })
  }

  test('and finds no fault with the same target when it is whole', async () => {
    const families = [...new Set(BROKEN_TARGETS.map(({ family }) => family))]
    const report = await runConformance(memoryHarness(), { families })
    expect(report).toMatchObject({ target: 'memory', failed: 0, skipped: 0, passed: report.cases.length })
  })

  test('and says why it left a case out', async () => {
    const { breakConnection: _, ...harness } = memoryHarness()
    const report = await runConformance(harness, { families: ['lost connections'] })
    expect(report.cases).toEqual([
      expect.objectContaining({ result: 'skipped', message: expect.stringContaining('breakConnection') }),
    ])
  })
})
