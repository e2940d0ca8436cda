import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { masked } from '../../../src/readiness/masked-document.ts'
import type { Subject } from '../../../src/readiness/subject.ts'
import type { ReadinessDocument } from '../../../src/report/readiness-document.ts'
import { readinessSchema } from '../../../src/report/schema/readiness.ts'
import { conflictingConfiguration, documentOf, failedWalk } from '../../support/readiness/documents.ts'
import { answered } from '../../support/readiness/evidence.ts'
import { PRODUCTS, productWith } from '../../support/readiness/whole-products.ts'

const asked = (secret: string): Subject => ({
  baseUrl: 'https://matrix.example.org',
  origin: 'https://app.element.io',
  traces: 'none',
  masSecret: secret,
})

const withoutMasks = (document: ReadinessDocument): string =>
  JSON.stringify(document).replaceAll(/‹masked \d+ characters?›/gu, '')

/** A homeserver that repeats what it was asked with, in the words of an error. */
const echoing = (secret: string): ReadinessDocument =>
  documentOf(
    productWith('Synapse and MAS', {
      masApiSecret: answered(403, { errcode: 'M_FORBIDDEN', error: `not ${secret}` }),
    }),
  )

const findings = ({ probes, abilities, walk }: ReadinessDocument): unknown => ({
  probes: probes.map(({ code, title, spec, level, result }) => [code, title, spec, level, result]),
  abilities: abilities.map(({ client, kind, deed, can }) => [client, kind, deed, can]),
  steps: walk?.steps.map(({ step, outcome }) => [step, outcome]),
})

describe('a secret that a server repeats', () => {
  it('is told nowhere', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[Q-Z0-9]{8,40}$/u), (secret) => {
        expect(JSON.stringify(echoing(secret))).toContain(secret)
        expect(withoutMasks(masked(echoing(secret), asked(secret)))).not.toContain(secret)
      }),
      { numRuns: 50 },
    )
  })

  it.each(['error', 'fail', 'pass', 'yes', 'a', 'readiness', 'warning', 'homeserver', 'masked', 'legacy'])(
    'changes nothing of what was found, though it is a word as %s',
    (secret) => {
      for (const evidence of Object.values(PRODUCTS)) {
        const found = documentOf(evidence, { configuration: conflictingConfiguration, walk: failedWalk })
        const shown = masked(found, asked(secret))
        expect(findings(shown)).toEqual(findings(found))
        expect(readinessSchema.safeParse(shown).error).toBeUndefined()
      }
    },
  )

  it('is masked where it is short too, also in words of ours', () => {
    const shown = masked(echoing('secret'), asked('secret'))
    const probe = shown.probes.find(({ code }) => code === 'MAS_API')
    expect(probe).toMatchObject({ result: 'fail', level: 'error' })
    expect(probe?.seen).toContain('not ‹masked 6 characters›')
    expect(shown.probes.flatMap(({ seen, remedy }) => [seen, ...remedy]).join('\n')).not.toContain('secret')
  })
})
