import { describe, expect, it } from 'vitest'
import { adminPath } from '../../../../../src/targets/keycloak/api/admin-path.ts'
import { grantLine, purposeOf } from '../../../../../src/targets/keycloak/api/purposes.ts'

describe('a path of the Admin API', () => {
  it('keeps every value within its segment', () => {
    expect(adminPath`users/${'a/b?c#d%e f'}/federated-identity/${'ü&=+'}`).toBe(
      'users/a%2Fb%3Fc%23d%25e%20f/federated-identity/%C3%BC%26%3D%2B',
    )
  })

  it.each(['', '.', '..'])('refuses %j, by which a user would become the list of users, or the realm', (id) => {
    expect(() => adminPath`users/${id}`).toThrow(RangeError)
  })

  it('takes text that is no Unicode', () => {
    expect(adminPath`users/${'\ud800'}`).toBe('users/%EF%BF%BD')
  })
})

describe('the role that a refused request needs', () => {
  it.each([
    ['GET', 'users', 'view-users'],
    ['GET', 'users/count', 'view-users'],
    ['GET', 'users/ID/credentials', 'view-users'],
    ['PUT', 'users/ID', 'manage-users'],
    ['POST', 'users/ID/federated-identity/google', 'manage-users'],
    ['DELETE', 'users/ID', 'manage-users'],
    ['POST', 'partialImport', 'manage-realm'],
    ['GET', 'users/profile', 'view-realm'],
    ['PUT', 'users/profile', 'manage-realm'],
    ['GET', 'identity-provider/instances', 'view-identity-providers'],
    ['POST', 'identity-provider/instances', 'manage-identity-providers'],
    ['GET', 'clients', 'view-clients'],
    ['POST', 'clients', 'manage-clients'],
    ['GET', 'events/config', 'view-events'],
    ['PUT', 'events/config', 'manage-events'],
    ['GET', '', 'view-realm'],
    ['PUT', '', 'manage-realm'],
    ['POST', '//admin/realms', 'create-realm'],
  ] as const)('for %s %j is %s', (method, path, role) => {
    expect(purposeOf(method, path).role).toBe(role)
  })

  it('is given by a line to type', () => {
    const client = { id: 'syn2op', secret: 'hidden', realm: 'people' }
    expect(grantLine({ realm: 'people', client }, 'manage-users')).toBe(
      'kcadm.sh add-roles -r people --uusername service-account-syn2op --cclientid realm-management --rolename manage-users',
    )
    expect(grantLine({ realm: 'my people', client: { ...client, realm: 'master' } }, 'manage-users')).toBe(
      "kcadm.sh add-roles -r master --uusername service-account-syn2op --cclientid 'my people-realm' --rolename manage-users",
    )
  })
})
