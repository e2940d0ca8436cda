import { describe, expect, it } from 'vitest'
import { realmRepresentation } from '../../../../../src/rehearsal/ends/keycloak/realm.ts'

describe('a throw-away realm', () => {
  it('has the roles and groups that people get, each once, and says whose it is', () => {
    const wish = {
      providers: [],
      roles: ['chatter', 'reader'],
      groups: ['/staff/matrix', '/guests'],
      admins: { roles: ['chatter', 'boss'], groups: ['/staff/matrix/admins', '/staff'] },
      requiredActions: [],
      attributes: { emails: 'emails', phones: 'phones' },
    }
    expect(realmRepresentation({ leaseId: '20261123-1', secret: 's', wish, identityProviders: [] })).toMatchObject({
      realm: 'syn2op-rehearsal-20261123-1',
      attributes: { syn2op_rehearsal: '20261123-1' },
      roles: { realm: [{ name: 'chatter' }, { name: 'reader' }, { name: 'boss' }] },
      groups: [
        {
          name: 'staff',
          subGroups: [{ name: 'matrix', subGroups: [{ name: 'admins', subGroups: [] }] }],
        },
        { name: 'guests', subGroups: [] },
      ],
    })
  })
})
