import { describe, expect, test } from 'vitest'
import { HOMESERVER_PROBES } from '../../../../src/readiness/probes/homeserver.ts'
import { PROBE_CODES } from '../../../../src/readiness/probes/probe.ts'
import { golden } from '../../../support/golden.ts'
import { evidenceOf } from '../../../support/readiness/evidence.ts'
import { HOMESERVERS } from '../../../support/readiness/homeservers.ts'

describe('the probes of the homeserver', () => {
  test('are those of the catalogue, in its order', () => {
    expect(HOMESERVER_PROBES.map(({ code }) => code)).toEqual(PROBE_CODES.slice(0, PROBE_CODES.indexOf('OP_DISCOVERY')))
  })

  test('say of each homeserver what is in the golden text', () => {
    const lines = Object.entries(HOMESERVERS).flatMap(([name, evidence]) => [
      `# ${name}`,
      ...HOMESERVER_PROBES.flatMap(({ code, level, judge }) => {
        const judgement = judge(evidence)
        const weight = judgement.result === 'fail' ? ` (${judgement.level ?? level})` : ''
        const remedy = judgement.result === 'pass' ? [] : (judgement.remedy ?? [])
        return [`${code}: ${judgement.result}${weight}: ${judgement.seen}`, ...remedy.map((line) => `    > ${line}`)]
      }),
      '',
    ])
    const actual = lines.join('\n')
    expect(actual).toBe(golden('readiness-homeserver-products.txt', actual))
  })

  test('are not asked where nothing was, each with a reason', () => {
    for (const { judge } of HOMESERVER_PROBES) {
      const judgement = judge(evidenceOf({}))
      expect(judgement.result).toBe('not asked')
      expect(judgement.seen).not.toBe('')
    }
  })

  test.each(['Synapse 1.163 with MAS', 'Synapse 1.157 with MAS', 'Synapse with MAS, passwords off'] as const)(
    'find nothing wrong at %s but what people chose',
    (name) => {
      const failed = HOMESERVER_PROBES.filter(({ judge }) => judge(HOMESERVERS[name]).result === 'fail')
      const chosen =
        name === 'Synapse with MAS, passwords off' ? ['LEGACY_PASSWORD', 'QR_RENDEZVOUS'] : ['QR_RENDEZVOUS']
      expect(failed.map(({ code }) => code)).toEqual(chosen)
    },
  )

  test.each([
    'Synapse 1.163 with passwords',
    'Synapse 1.163 with OIDC of its own',
    'Tuwunel',
    'Tuwunel without OAuth',
    'continuwuity',
    'Dendrite',
  ] as const)('find no error at %s, where people log in', (name) => {
    const errors = HOMESERVER_PROBES.filter(({ judge, level }) => {
      const judgement = judge(HOMESERVERS[name])
      return judgement.result === 'fail' && (judgement.level ?? level) === 'error'
    })
    // Tuwunel without well_known.client has no .well-known, and is not at the server name.
    expect(errors.map(({ code }) => code)).toEqual(name === 'Tuwunel without OAuth' ? ['WELL_KNOWN'] : [])
  })
})
