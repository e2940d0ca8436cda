import { accountOf, tenantToFill } from '../migration.ts'
import { anna, berta, PASSWORD, type Scenario } from './scenario.ts'

const { signal } = new AbortController()

const NEW_HASH = accountOf('somebody else').passwordHash ?? ''

/** Whom no import finds by an address: for another password they are made anew. */
const { primaryEmail: _, ...unaddressed } = accountOf('carla')
const carla = { ...unaddressed, threepids: [] }

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
  await migrate({ accounts: [renamed, carla] }, { runId: 'run-2' })
  const changed = [berta, carla].map((one) => ({ ...one, passwordHash: NEW_HASH }))
  await migrate({ accounts: changed }, { runId: 'run-3' })
  await plan({ accounts: [renamed, ...changed] }, { depth: 'thorough', proof: true })
  await target.rollback?.({ runId: 'run-1', accounts: [anna.mxid, berta.mxid] }, { signal })
  return tenant
}
