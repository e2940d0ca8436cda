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
    const lease = { id: '20261123-1', labels: { 'syn2op.host': 'ci-7', 'syn2op.folder': '/tmp/x', 'org.other': 'y' } }
    expect(realmRepresentation({ lease, secret: 's', wish, identityProviders: [] })).toMatchObject({
      realm: 'syn2op-rehearsal-20261123-1',
      attributes: { syn2op_rehearsal: '20261123-1', syn2op_host: 'ci-7', syn2op_folder: '/tmp/x' },
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
