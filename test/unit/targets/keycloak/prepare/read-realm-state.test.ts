import { expect, it } from 'vitest'
import { Syn2opError } from '../../../../../src/errors/syn2op-error.ts'
import type { AdminApi } from '../../../../../src/targets/keycloak/api/admin-api.ts'
import { readRealmState } from '../../../../../src/targets/keycloak/prepare/read-realm-state.ts'
import { configOf } from '../../../../support/keycloak/config.ts'

const CONFIG = configOf({
  url: 'https://login.example.org',
  name: 'matrix',
  client: { id: 'syn2op', secret: 'a secret' },
})

/** A realm in which the client may look at everything but its clients. */
const withoutViewClients: AdminApi = {
  realm: 'matrix',
  send: async ({ path }) => {
    if (path !== 'clients') return { status: 200, body: {} }
    throw new Syn2opError('target.not-allowed', 'It lacks the role view-clients', {
      next: ['Give it the role:', 'kcadm'],
    })
  },
  waited: () => 0,
  close: async () => {},
}

it('says once that a client is not made, where nobody may look whether it is there', async () => {
  const asked = { identityProviders: 'none', clientIds: ['synapse', 'mas'] } as const
  const { clients, notAllowed } = await readRealmState(withoutViewClients, CONFIG, asked, new AbortController().signal)
  expect(clients).toBeUndefined()
  expect(notAllowed).toEqual([
    {
      id: 'role the clients',
      what: 'Let the client syn2op look at the clients',
      why: 'It lacks the role view-clients. Whether there is a client synapse or mas is not known, so none is made.',
      lines: ['kcadm'],
    },
  ])
})
