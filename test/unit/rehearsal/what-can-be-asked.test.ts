import { describe, expect, it } from 'vitest'
import type { ProofEnds, Unproved } from '../../../src/rehearsal/ends/throw-away-target.ts'
import { type Asking, whatCanBeAsked } from '../../../src/rehearsal/what-can-be-asked.ts'

const ANNA = '@anna:story.example'
const canaries = [{ mxid: ANNA, password: 'correct horse' }]
const tokens = [{ mxid: ANNA, device: 'PHONE', token: 'syt_of_anna' }]

const TOKENS_STAY: Unproved = { what: 'tokens', why: 'they stay with Synapse, and none ran' }
const SSO: Unproved = { what: 'sso', why: 'nobody came by a provider' }

const keycloak: Asking['target'] = { name: 'keycloak', unproved: [TOKENS_STAY, SSO] }
const ends: ProofEnds = { stop: async () => {} }
const runningMas: Asking['target'] = { name: 'mas', unproved: [SSO], startProofs: async () => ends }
const masOfTables: Asking['target'] = {
  name: 'mas',
  unproved: [
    { what: 'logins', why: 'no MAS ran' },
    { what: 'tokens', why: 'no MAS ran' },
  ],
}

const asked = (target: Asking['target'], more: Partial<Asking> = {}) =>
  whatCanBeAsked({ target, source: { secrets: { canaries, tokens } }, synapse: 'not asked for', ...more })

describe('old tokens that stay with Synapse', () => {
  it('are shown to nobody where no Synapse was asked for: they are named as unproved', () => {
    expect(asked(keycloak)).toEqual({
      secrets: { canaries, tokens: [] },
      unproved: [TOKENS_STAY, SSO],
      tokensTo: 'nobody',
    })
  })

  it('are shown to the Synapse that was asked for, and are unproved no more', () => {
    expect(asked(keycloak, { synapse: 'asked for' })).toEqual({
      secrets: { canaries, tokens },
      unproved: [SSO],
      tokensTo: 'synapse',
    })
  })

  it('start no Synapse where none of them was given', () => {
    const source = { secrets: { canaries, tokens: [] } }
    expect(asked(keycloak, { synapse: 'asked for', source })).toEqual({
      secrets: { canaries, tokens: [] },
      unproved: [SSO, { what: 'tokens', why: 'No old token was given to be tried: --tokens FILE' }],
      tokensTo: 'nobody',
    })
  })
})

describe('old tokens that move to MAS', () => {
  it.each(['asked for', 'not asked for'] as const)('are shown to what MAS is, a Synapse being %s', (synapse) => {
    expect(asked(runningMas, { synapse })).toEqual({
      secrets: { canaries, tokens },
      unproved: [SSO],
      tokensTo: 'target',
    })
    expect(asked(masOfTables, { synapse })).toEqual({
      secrets: { canaries: [], tokens: [] },
      unproved: masOfTables.unproved,
      tokensTo: 'nobody',
    })
  })
})

describe('a password that Synapse brought to another form', () => {
  const source = { secrets: { canaries: [{ mxid: ANNA, password: 'ﬁne' }], tokens: [] } }

  it('is tried in that form where the target takes what is typed, and that is told', () => {
    const { secrets, unproved } = asked({ ...keycloak, normalises: 'no' }, { source })
    expect(secrets.canaries).toEqual([{ mxid: ANNA, password: 'fine' }])
    expect(unproved.filter(({ what }) => what === 'logins')).toMatchObject([{ why: expect.stringContaining('NFKC') }])
  })

  it('is tried as it is typed where the target does the same', () => {
    const { secrets, unproved } = asked(keycloak, { source })
    expect(secrets.canaries).toEqual(source.secrets.canaries)
    expect(unproved.filter(({ what }) => what === 'logins')).toEqual([])
  })
})
