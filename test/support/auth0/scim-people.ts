import { expect } from 'vitest'
import type { Account } from '../../../src/accounts/account.ts'
import type { StandInOptions } from '../../../src/rehearsal/standins/auth0/server.ts'
import type { Connection, User } from '../../../src/rehearsal/standins/auth0/tenant.ts'
import { userIdOf } from '../../../src/targets/auth0/accounts/user-id.ts'
import type { Outcome } from '../../../src/targets/changes.ts'
import { accountOf, type OpenTarget, type TenantToFill, tenantToFill } from './migration.ts'
import { keptNotes } from './notes.ts'
import { addConnection } from './tenant-and-api.ts'

const { signal } = new AbortController()
const CORP = { id: 'corp', authProvider: 'oidc-corp', strategy: 'oidc', link: 'scim' } as const

export interface WithScim extends TenantToFill {
  readonly corp: Connection
}

/** With an enterprise connection `corp`, which takes people by SCIM. */
export const withScim = async (options: Omit<StandInOptions, 'clock'> = {}): Promise<WithScim> => {
  const tenant = await tenantToFill(options, { providers: [CORP] })
  const corp = addConnection(tenant.standIn, 'corp', 'oidc')
  corp.scim = { userIdAttribute: 'externalId', tokens: new Map() }
  return { ...tenant, corp }
}

export const person = (localpart: string, fields: Partial<Account> = {}): Account =>
  accountOf(localpart, {
    identities: [{ authProvider: 'oidc-corp', providerId: 'corp', subject: `${localpart}-at-idp` }],
    ...fields,
  })

export const anna = person('anna')
export const primaryOf = ({ localpart }: Account): string => `oidc|corp|${localpart}-at-idp`

export const scimUser = ({ standIn }: TenantToFill, account: Account): User | undefined =>
  standIn.tenant.users.byId(primaryOf(account))

/** Whoever is there: one user, of SCIM, with the identity of the database. */
export const expectLinked = (tenant: WithScim, account: Account): void => {
  const id = userIdOf(tenant.standIn.connection.name, account.mxid)
  expect(tenant.userOf(account)).toBeUndefined()
  expect(scimUser(tenant, account)).toMatchObject({
    identities: [{ provider: 'oidc' }, { provider: 'auth0', userId: id.slice('auth0|'.length) }],
    appMetadata: { syn2op: { mxid: account.mxid }, matrix: { created_at: expect.any(String) } },
  })
  expect(scimUser(tenant, account)?.appMetadata['syn2op']).not.toHaveProperty('u')
}

export const takeBack = async (
  { target }: OpenTarget,
  accounts: readonly Account[],
  runId = 'run-1',
): Promise<readonly Outcome[]> =>
  (await target.rollback?.({ runId, accounts: accounts.map(({ mxid }) => mxid) }, { signal })) ?? []

/** As the core does: what failed is tried again, each time by another process. */
export const insist = async (tenant: WithScim, accounts: readonly Account[], runId = 'run-1'): Promise<void> => {
  const notes = keptNotes()
  for (let tries = 0; ; tries++) {
    const opened = await tenant.open()
    try {
      await opened.target.awaitEarlier?.({ notes, note: () => {}, signal })
      const outcomes = await opened.migrate({ accounts }, { runId })
      if (outcomes.every(({ outcome }) => outcome !== 'rejected' && outcome !== 'not attempted')) return
      if (tries === 30) throw new Error(JSON.stringify(outcomes))
    } catch (error) {
      if (tries === 30) throw error
    } finally {
      await opened.target.close()
    }
  }
}
