import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { QUESTIONS } from '../../../../../src/readiness/evidence.ts'
import { OP_PROBES } from '../../../../../src/readiness/probes/op-probes.ts'
import { discoveredDocument } from '../../../../support/readiness/discovery.ts'
import { answered } from '../../../../support/readiness/evidence.ts'
import { changed } from '../../../../support/readiness/ops.ts'

const DOCUMENT = discoveredDocument('mas-openid-configuration')

const brokenDocument = fc
  .tuple(fc.constantFrom(...Object.keys(DOCUMENT)), fc.jsonValue())
  .map(([field, value]) => ({ ...DOCUMENT, [field]: value }))

test('whatever a server answers, every probe of the OP says something of it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...QUESTIONS),
      fc.integer({ min: 100, max: 599 }),
      fc.oneof(fc.jsonValue(), brokenDocument),
      fc.dictionary(fc.constantFrom('location', 'content-type', 'access-control-allow-origin'), fc.string()),
      (question, status, body, headers) => {
        for (const { judge } of OP_PROBES) {
          const judgement = judge(changed('MAS', { [question]: answered(status, body, headers) }))
          expect(judgement.seen).not.toBe('')
          expect(judgement.seen.length).toBeLessThan(2000)
        }
      },
    ),
  )
})
