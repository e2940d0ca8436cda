import { simulatedClock } from '../../../src/rehearsal/standins/auth0/clock.ts'
import { startStandIn } from '../../../src/rehearsal/standins/auth0/server.ts'
import type { User } from '../../../src/rehearsal/standins/auth0/tenant.ts'
import { userBody } from '../../../src/rehearsal/standins/auth0/user-body.ts'
import { userIdOf } from '../../../src/targets/auth0/accounts/user-id.ts'
import { openAuth0 } from '../../../src/targets/auth0/auth0-target.ts'
import { LONGEST_USERNAME } from '../../../src/targets/auth0/check/connection-rules.ts'
import type { Account, ConformanceHarness } from '../../../src/testing.ts'
import { configOf, EVERY_IDENTIFIER } from '../auth0/config.ts'
import { standInUser } from '../auth0/users.ts'
import { plainMapping } from '../migration/requests.ts'
import { openUnsteadyNetwork } from '../unsteady-network.ts'

const SERVER_NAME = 'conformance.example'
const IDP = { id: 'upstream', authProvider: 'oidc-upstream', strategy: 'oidc', link: 'action' } as const

/** What differs by run or by chance: times, and what we note in our marks. */
const withoutMarks = (user: User): object => {
  const { created_at: _, updated_at: __, app_metadata: metadata, ...body } = userBody(user)
  const { syn2op: ___, ...kept } = Object(metadata)
  return { ...body, app_metadata: kept, password: user.password }
}

/** A tenant of the stand-in, reached by a way that can be cut. Its time is simulated. */
export const auth0Harness = async (): Promise<ConformanceHarness & { close(): Promise<void> }> => {
  const clock = simulatedClock()
  const standIn = await startStandIn({ clock, plan: 'enterprise' })
  const { connection } = standIn
  connection.options = EVERY_IDENTIFIER
  const network = await openUnsteadyNetwork(Number(new URL(standIn.url).port))
  const url = `http://127.0.0.1:${network.port}`
  // Tokens are for this address, and addresses of exports begin with it.
  const tenant = Object.assign(standIn.tenant, { url })
  const config = configOf(standIn, {
    url,
    providers: [IDP],
    pepper: 'disclose',
  })
  const userOf = ({ mxid }: Pick<Account, 'mxid'>): User | undefined =>
    tenant.users.byId(userIdOf(connection.name, mxid))
  const edit = async (account: Account, fields: Partial<User>): Promise<void> => {
    const user = userOf(account)
    if (user !== undefined) tenant.users.put({ ...user, updatedAt: clock.now(), ...fields })
  }
  const { signal } = new AbortController()
  let strangers = 0
  const stranger = async (fields: Partial<User>): Promise<void> => {
    strangers++
    tenant.users.put(standInUser(`stranger-${strangers}`, fields))
  }
  const { byUsername } = tenant.users

  return {
    name: 'Auth0',
    serverName: SERVER_NAME,
    longestUsername: LONGEST_USERNAME,
    // More would not fit into the metadata of a user.
    longestSubject: 2000,
    reset: async () => {
      for (const { userId } of tenant.users.all()) tenant.users.remove(userId)
    },
    open: () =>
      openAuth0({
        config,
        serverName: SERVER_NAME,
        conflicts: plainMapping.conflicts,
        pepper: 'pepper',
        clock,
        signal,
      }),
    state: async () => [...tenant.users.all()].toSorted((a, b) => (a.userId < b.userId ? -1 : 1)).map(withoutMarks),
    personal: [
      {
        what: 'changes the password',
        relation: 'password',
        change: (account) =>
          edit(account, { password: { kind: 'own', bcrypt: 'another one' }, lastPasswordReset: clock.now() + 1 }),
      },
      {
        what: 'changes the e-mail',
        relation: 'threepid',
        change: (account) => edit(account, { email: 'changed-at-auth0@conformance.example' }),
      },
      {
        what: 'removes the e-mail',
        relation: 'threepid',
        removes: true,
        change: async (account) => {
          const { email: _, emailVerified: __, ...user } = userOf(account) ?? standInUser('nobody')
          tenant.users.put(user)
        },
      },
      {
        what: 'removes the SSO identity',
        relation: 'external_id',
        removes: true,
        change: (account) => {
          const { matrix, ...others } = userOf(account)?.appMetadata ?? {}
          const { external_ids: _, ...kept } = Object(matrix)
          return edit(account, { appMetadata: { ...others, matrix: kept } })
        },
      },
      {
        what: 'blocks the account',
        relation: 'account',
        change: (account) => edit(account, { blocked: true }),
      },
    ],
    foreign: {
      username: ({ localpart }) => stranger({ username: localpart }),
      email: (email) => stranger({ email }),
    },
    primaryEmail: async (mxid) => userOf({ mxid })?.email,
    // Users of whom Auth0 tells nobody, and whose names are taken all the same, are known of connections that were filled in two ways.
    refuse: async (mxid) => {
      const ghost = mxid.slice(1, mxid.indexOf(':'))
      tenant.users.byUsername = (of, username) =>
        username === ghost ? standInUser('ghost', { username }) : byUsername(of, username)
      return async () => {
        tenant.users.byUsername = byUsername
      }
    },
    breakConnection: async () => network.cut(),
    close: async () => {
      await network.close()
      await standIn.close()
    },
  }
}
