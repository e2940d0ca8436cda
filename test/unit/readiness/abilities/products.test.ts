import { describe, expect, it } from 'vitest'
import { abilitiesOf } from '../../../../src/readiness/abilities/abilities.ts'
import type { Evidence } from '../../../../src/readiness/evidence.ts'
import { judgeAll } from '../../../../src/readiness/probes/all-probes.ts'
import type { ReadinessAbility } from '../../../../src/report/readiness-document.ts'
import { golden } from '../../../support/golden.ts'
import { PRODUCTS } from '../../../support/readiness/whole-products.ts'

const line = ({ client, deed, can, by, because }: ReadinessAbility): string =>
  [
    `  ${client.padEnd(15)} ${deed.padEnd(14)} ${by === undefined ? can : `${can}, ${by}`}`,
    ...because.map(({ probe, words }) => `    ${probe === undefined ? '' : `${probe}: `}${words}`),
  ].join('\n')

const told = (evidence: Evidence): string => abilitiesOf(evidence, judgeAll(evidence)).map(line).join('\n')

describe('who can do what', () => {
  it('is as it was looked at for each product', () => {
    const text = Object.entries(PRODUCTS)
      .filter(([name]) => !name.includes('named'))
      .map(([name, evidence]) => `${name}\n${told(evidence)}\n`)
      .join('\n')
    expect(text).toBe(golden('readiness-abilities.txt', text))
  })

  it.each(Object.entries(PRODUCTS).filter(([name]) => name.includes('named')))(
    'is the same where an OP is named that the homeserver does not use: %s',
    (_, evidence) => {
      expect(told(evidence)).toBe(told(PRODUCTS['Synapse without an OP']))
    },
  )
})
