import { z } from 'zod'
import { userIdOf } from '../../../src/targets/keycloak/accounts/user-id.ts'
import { openKeycloak } from '../../../src/targets/keycloak/keycloak-target.ts'
import type { Account, ConformanceHarness } from '../../../src/testing.ts'
import { configOf } from '../keycloak/config.ts'
import { emptyRealm, peopleOf, type RealmPerson } from '../keycloak/people.ts'
import { declareAttributes } from '../keycloak/profile.ts'
import { newRealm } from '../keycloak/realm.ts'
import type { KeycloakAddress } from '../keycloak/server.ts'
import { plainMapping } from '../migration/requests.ts'
import { openUnsteadyNetwork } from '../unsteady-network.ts'

const SERVER_NAME = 'conformance.example'
const IDP = { id: 'upstream', authProvider: 'oidc-upstream' }

/** Keycloak holds no longer identifier of somebody at an identity provider. */
const LONGEST_SUBJECT = 255

const CREDENTIALS = z.array(z.object({ id: z.string(), type: z.string() }))
const USER = z.record(z.string(), z.unknown())

/** What differs by run or by chance: ids, and what we note in our marks. */
const withoutMarks = ({ attributes, ...person }: RealmPerson): object => {
  const { syn2op_run: _, syn2op_written: __, ...kept } = attributes
  return { ...person, attributes: kept }
}

/** A realm of a real Keycloak, reached by a way that can be cut. */
export const keycloakHarness = async (
  server: KeycloakAddress,
): Promise<ConformanceHarness & { close(): Promise<void> }> => {
  const realm = await newRealm(server, { profile: 'relaxed', identityProviders: [IDP.id] })
  const elsewhere = await newRealm(server)
  await declareAttributes(realm, ['colour'])
  // Without it no username can follow the source.
  await realm.admin.put('', { editUsernameAllowed: true })
  const network = await openUnsteadyNetwork(Number(new URL(server.url).port))
  const config = configOf(realm, { url: `http://127.0.0.1:${network.port}`, providers: [IDP] })
  const idOf = ({ mxid }: Pick<Account, 'mxid'>): string => userIdOf(realm.name, mxid)
  const edit = async (account: Account, fields: object): Promise<void> => {
    const path = `users/${idOf(account)}`
    await realm.admin.put(path, { ...(await realm.admin.get(path, USER)), ...fields })
  }
  const { signal } = new AbortController()
  let strangers = 0
  const stranger = async (fields: object): Promise<void> => {
    await realm.admin.post('users', { username: `stranger-${++strangers}`, enabled: true, ...fields })
  }

  return {
    name: 'Keycloak',
    serverName: SERVER_NAME,
    longestSubject: LONGEST_SUBJECT,
    reset: () => emptyRealm(realm),
    open: async () =>
      openKeycloak({
        config,
        serverName: SERVER_NAME,
        conflicts: plainMapping.conflicts,
        pepper: server.pepper,
        signal,
      }),
    state: async () => (await peopleOf(realm)).map(withoutMarks),
    personal: [
      {
        what: 'changes the password',
        relation: 'password',
        change: async (account) => {
          const password = { type: 'password', value: 'another one', temporary: false }
          await realm.admin.put(`users/${idOf(account)}/reset-password`, password)
        },
      },
      {
        what: 'removes the password',
        relation: 'password',
        removes: true,
        change: async (account) => {
          const path = `users/${idOf(account)}/credentials`
          for (const { id } of await realm.admin.get(path, CREDENTIALS)) await realm.admin.delete(`${path}/${id}`)
        },
      },
      {
        what: 'changes the e-mail',
        relation: 'threepid',
        change: (account) => edit(account, { email: 'changed-at-keycloak@conformance.example' }),
      },
      {
        what: 'removes the e-mail',
        relation: 'threepid',
        removes: true,
        change: (account) => edit(account, { email: '', emailVerified: false }),
      },
      {
        what: 'unlinks the SSO identity',
        relation: 'external_id',
        removes: true,
        change: async (account) =>
          void (await realm.admin.delete(`users/${idOf(account)}/federated-identity/${IDP.id}`)),
      },
      {
        what: 'disables the account',
        relation: 'account',
        change: (account) => edit(account, { enabled: false }),
      },
    ],
    foreign: {
      username: ({ localpart }) => stranger({ username: localpart }),
      email: (email) => stranger({ email }),
      identity: ({ providerId, subject }) =>
        stranger({ federatedIdentities: [{ identityProvider: providerId, userId: subject, userName: subject }] }),
    },
    primaryEmail: async (mxid) => {
      const user = await realm.admin.get(`users/${idOf({ mxid })}`, z.object({ email: z.string().exactOptional() }))
      return user.email
    },
    // Identifiers are unique in the whole of Keycloak's database, not in a realm.
    refuse: async (mxid) => {
      const id = idOf({ mxid })
      const users = [{ id, username: 'in the way' }]
      await elsewhere.admin.post('partialImport', { ifResourceExists: 'FAIL', users })
      return async () => void (await elsewhere.admin.delete(`users/${id}`))
    },
    breakConnection: async () => network.cut(),
    close: async () => {
      await network.close()
      await realm.remove()
      await elsewhere.remove()
    },
  }
}
