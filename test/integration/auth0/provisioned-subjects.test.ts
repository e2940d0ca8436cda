import { expect, it } from 'vitest'
import { encodeMarks, type Marks } from '../../../src/targets/auth0/accounts/marks.ts'
import { provisionedSubjects } from '../../../src/targets/auth0/links/scim/provisioned-subjects.ts'
import { addConnection, tenantAndApi } from '../../support/auth0/tenant-and-api.ts'

const { signal } = new AbortController()

const marks = (mxid: string): Marks => ({
  mxid,
  server: 'demo.example',
  createdBy: '20261121-031500-9f3a',
  account: 'a'.repeat(22),
  blocked: false,
  attributes: [],
  threepids: [],
  links: [],
  underWay: [],
})

it('knows whom syn2op has made by SCIM under the id of their provider, and takes nobody else for ours', async () => {
  const { api, config, standIn } = await tenantAndApi({
    providers: [{ id: 'corp', authProvider: 'oidc-corp', strategy: 'oidc', link: 'scim' }],
  })
  addConnection(standIn, 'corp', 'oidc')
  const put = (subject: string, appMetadata: Readonly<Record<string, unknown>>): void => {
    const now = standIn.tenant.clock.now()
    standIn.tenant.users.put({
      userId: `oidc|corp|${subject}`,
      identities: [{ connection: 'corp', provider: 'oidc', userId: `corp|${subject}`, isSocial: false }],
      names: {},
      blocked: false,
      appMetadata,
      userMetadata: {},
      createdAt: now,
      updatedAt: now,
      loginsCount: 0,
    })
  }
  put('ann-at-idp', { syn2op: encodeMarks(marks('@ann:demo.example')) })
  put('stranger', {})
  expect([...(await provisionedSubjects(api, config, signal))]).toEqual([['@ann:demo.example', 'oidc|corp|ann-at-idp']])
  const asked = standIn.requests.length
  expect((await provisionedSubjects(api, { providers: [] }, signal)).size).toBe(0)
  expect(standIn.requests).toHaveLength(asked)
})
