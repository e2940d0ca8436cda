import type { Account } from '../../../../src/accounts/account.ts'
import { importRow } from '../../../../src/rehearsal/standins/auth0/import-row.ts'
import { accountOf, tenantToFill } from '../migration.ts'
import { addConnection } from '../tenant-and-api.ts'
import { COMPANY, clara, type Scenario } from './scenario.ts'

const { signal } = new AbortController()

const EMAIL = 'dora@example.org'

const dora = accountOf('dora', {
  primaryEmail: EMAIL,
  threepids: [{ medium: 'email', address: EMAIL, addedAt: 0 }],
})

/** People who have an identity at a company move, change, and are taken back; somebody else takes an address meanwhile. */
export const joining: Scenario = async (watch) => {
  const tenant = await tenantToFill({ watch }, { providers: [{ ...COMPANY, link: 'scim' }] })
  const { standIn } = tenant
  const enterprise = addConnection(standIn, COMPANY.id, COMPANY.strategy)
  enterprise.scim = { userIdAttribute: 'externalId', tokens: new Map() }
  const { target, plan, apply, migrate } = await tenant.open()
  await migrate({ accounts: [clara] })
  const renamed: Account = { ...clara, username: 'clarabel' }
  await migrate({ accounts: [renamed] }, { runId: 'run-2' })
  const changes = await plan({ accounts: [dora] }, { depth: 'quick' })
  importRow(standIn.tenant, standIn.connection, { email: EMAIL, username: 'stranger' }, { upsert: false })
  await apply(changes, { runId: 'run-3' })
  await target.rollback?.({ runId: 'run-1', accounts: [clara.mxid] }, { signal })
  await target.close()
  return { standIn, enterprise }
}
