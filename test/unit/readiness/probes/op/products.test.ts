import { describe, expect, test } from 'vitest'
import { OP_PROBES } from '../../../../../src/readiness/probes/op-probes.ts'
import { PROBE_CODES } from '../../../../../src/readiness/probes/probe.ts'
import { golden } from '../../../../support/golden.ts'
import { evidenceOf } from '../../../../support/readiness/evidence.ts'
import { OPS } from '../../../../support/readiness/ops.ts'

describe('the probes of the OP', () => {
  test('are those of the catalogue, in its order', () => {
    const codes = PROBE_CODES.slice(PROBE_CODES.indexOf('OP_DISCOVERY'))
    expect(OP_PROBES.map(({ code }) => code)).toEqual(codes)
  })

  test('say of each OP what is in the golden text', () => {
    const lines = Object.entries(OPS).flatMap(([name, evidence]) => [
      `# ${name}`,
      ...OP_PROBES.flatMap(({ code, level, judge }) => {
        const judgement = judge(evidence)
        const weight = judgement.result === 'fail' ? ` (${judgement.level ?? level})` : ''
        const remedy = judgement.result === 'pass' ? [] : (judgement.remedy ?? [])
        return [`${code}: ${judgement.result}${weight}: ${judgement.seen}`, ...remedy.map((line) => `    > ${line}`)]
      }),
      '',
    ])
    const actual = lines.join('\n')
    expect(actual).toBe(golden('readiness-op-products.txt', actual))
  })

  test('are not asked where there is no OP, each with a reason', () => {
    for (const { judge } of OP_PROBES) {
      const judgement = judge(evidenceOf({}))
      expect(judgement.result).toBe('not asked')
      expect(judgement.seen).not.toBe('')
    }
  })

  test('name no field as broken at MAS', () => {
    for (const { judge } of OP_PROBES) {
      const judgement = judge(OPS.MAS)
      const faults = judgement.result === 'fail' ? (judgement.faults ?? []) : []
      expect(faults.flatMap(({ breaks }) => breaks)).toEqual([])
    }
  })
})
