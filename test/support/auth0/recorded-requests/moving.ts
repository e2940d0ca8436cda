import { tenantToFill } from '../migration.ts'
import { anna, berta, PASSWORD, type Scenario } from './scenario.ts'

const { signal } = new AbortController()

/** People move, change, are proved, and are taken back. */
export const moving: Scenario = async (watch) => {
  const tenant = await tenantToFill({ watch })
  const { client } = tenant.standIn
  const config = { application: { id: client.id, secret: client.secret } }
  const { target, plan, migrate } = await tenant.open({ config })
  await migrate({ accounts: [anna, berta] })
  await target.login?.({ mxid: anna.mxid, password: PASSWORD }, { signal })
  const email = 'anna.ahrens@example.org'
  const renamed = {
    ...anna,
    username: 'annabel',
    primaryEmail: email,
    threepids: [{ medium: 'email', address: email, addedAt: anna.createdAt }],
    attributes: { ...anna.attributes, name: 'Anna Berger' },
    isLocked: true,
  }
  const remade = { ...berta, isLocked: false, passwordHash: anna.passwordHash ?? '' }
  await migrate({ accounts: [renamed, remade] }, { runId: 'run-2' })
  await plan({ accounts: [renamed, remade] }, { depth: 'thorough', proof: true })
  await target.rollback?.({ runId: 'run-1', accounts: [anna.mxid, berta.mxid] }, { signal })
  return tenant
}
