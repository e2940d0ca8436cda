import { describe, expect, it } from 'vitest'
import { upstreamLogin } from '../../../src/rehearsal/standins/auth0/login.ts'
import { ANN, linkedTo, settled } from '../../support/auth0/linking.ts'

const annOf = (subject: string): typeof ANN => ({
  ...ANN,
  app_metadata: { ...ANN.app_metadata, matrix: { external_ids: [`corp|${subject}`] } },
})

const isSearch = (method: string, path: string): boolean => method === 'GET' && path === '/api/v2/users'

describe('whose login it is, to the Action', () => {
  it.each([
    ['without an address', {}],
    ['with the same address', { email: 'ann@demo.example', claims: { email_verified: true } }],
  ])('is told letter by letter: a subject in capitals is somebody else, %s', async (_, profile) => {
    const target = await settled({ ...annOf('subject-a'), email: 'ann@demo.example', email_verified: true })
    const login = await upstreamLogin(target.standIn.tenant, { connection: 'corp', subject: 'SUBJECT-A', ...profile })
    expect(login).toEqual({ kind: 'in', userId: 'oidc|corp|SUBJECT-A' })
    expect(linkedTo(target, 'auth0|ann-imported')).toEqual(['auth0|ann-imported'])
  })

  it.each([String.raw`a"b\c`, String.raw`CN=Ann\, Demo`, '"', '\\'])(
    'is found by the subject %s, which a search would take for its own signs',
    async (subject) => {
      const target = await settled(annOf(subject))
      const login = await upstreamLogin(target.standIn.tenant, { connection: 'corp', subject })
      expect(login).toEqual({ kind: 'in', userId: 'auth0|ann-imported' })
      expect(linkedTo(target, 'auth0|ann-imported')).toEqual(['auth0|ann-imported', `oidc|corp|${subject}`])
    },
  )

  it('is for people to decide where the profile has been linked to somebody else before', async () => {
    const target = await settled(annOf('4711'))
    const { users } = target.standIn.tenant
    const now = target.clock.now()
    const both = ['corp|4711', 'others|17'].map((userId) => ({
      connection: userId.slice(0, userId.indexOf('|')),
      provider: 'oidc',
      userId,
      isSocial: false,
    }))
    users.put({
      userId: 'oidc|corp|4711',
      identities: both,
      names: {},
      blocked: false,
      appMetadata: {},
      userMetadata: {},
      createdAt: now,
      updatedAt: now,
      loginsCount: 3,
    })
    const login = await upstreamLogin(target.standIn.tenant, { connection: 'corp', subject: '4711' })
    expect(login).toEqual({ kind: 'denied', reason: expect.stringContaining('ask whoever runs this service') })
    expect(linkedTo(target, 'oidc|corp|4711')).toEqual(['oidc|corp|4711', 'oidc|others|17'])
    expect(linkedTo(target, 'auth0|ann-imported')).toEqual(['auth0|ann-imported'])
  })

  it('is found with another token where the one at hand is good no more', async () => {
    const target = await settled(annOf('4711'), [{ kind: 'token expires', on: isSearch, times: 1 }])
    const login = await upstreamLogin(target.standIn.tenant, { connection: 'corp', subject: '4711' })
    expect(login).toEqual({ kind: 'in', userId: 'auth0|ann-imported' })
    expect(target.standIn.requests.filter(({ status }) => status === 401)).toHaveLength(1)
  })
})
