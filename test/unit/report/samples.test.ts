import { describe, expect, it } from 'vitest'
import { acceptFlags } from '../../../src/findings/accept.ts'
import type { Finding } from '../../../src/findings/finding.ts'
import { samplesBeyondMessage } from '../../../src/report/grouped-findings.ts'

const finding: Finding = {
  code: 'MAS_PROVIDER_NOT_CONFIGURED',
  severity: 'warning',
  message: 'These settings must be changed: oidc_providers, saml2_config.',
  remedy: [],
}

describe('the samples of a finding', () => {
  it('are not repeated where the message names them all', () => {
    expect(samplesBeyondMessage({ ...finding, samples: ['saml2_config', 'oidc_providers'] })).toEqual([])
  })

  it('are all shown when the message leaves out any of them', () => {
    const samples = ['oidc_providers', 'cas_config']
    expect(samplesBeyondMessage({ ...finding, samples })).toEqual(samples)
  })
})

describe('the flags that acknowledge warnings', () => {
  it('name a code once, however many findings have it', () => {
    expect(acceptFlags([finding, finding])).toEqual(['--accept MAS_PROVIDER_NOT_CONFIGURED'])
  })

  it('never hide a warning of the moment behind all-warnings', () => {
    const codes = ['GUESTS', 'SHADOW_BANS_END', 'EXPIRED_OPEN', 'UNAPPROVED_OPEN', 'SYNAPSE_BACKGROUND_UPDATES']
    expect(acceptFlags(codes.map((code) => ({ code })))).toEqual([
      '--accept all-warnings',
      '--accept SYNAPSE_BACKGROUND_UPDATES',
    ])
  })
})
