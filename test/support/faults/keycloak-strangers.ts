import { DEMO_CANARIES } from '../../../src/rehearsal/demo/canaries.ts'
import type { TestRealm } from '../keycloak/realm.ts'

const carol = DEMO_CANARIES.find(({ localpart }) => localpart === 'carol')

const link = (identityProvider: string, userId: string): object => ({ identityProvider, userId, userName: userId })

/** People of the realm's own, as various as they come; three of them stand in the way of somebody of the demo. */
const STRANGERS: readonly object[] = [
  { username: 'bob', email: 'bob.of.old@keycloak.example', emailVerified: true },
  // The address of the demo's guest who is one of the damages; and of one who becomes a user.
  { username: 'with-the-address', email: 'twin@mail.example' },
  { username: 'with-the-identity', federatedIdentities: [link('github', carol?.externalId?.subject ?? '583231')] },
  { username: 'disabled', enabled: false },
  { username: 'with-much-to-do', requiredActions: ['UPDATE_PASSWORD', 'VERIFY_EMAIL'] },
  { username: 'with-attributes', attributes: { displayname: ['Of Keycloak'], phones: ['+441', '+442'] } },
  { username: 'with-links', federatedIdentities: [link('company', 'their own'), link('first', 'their own')] },
  { username: 'with-password', credentials: [{ type: 'password', value: 'of their own', temporary: false }] },
]

export const addStrangers = async (realm: TestRealm): Promise<void> => {
  for (const stranger of STRANGERS) await realm.admin.post('users', { enabled: true, ...stranger })
}
