import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { checkAuth0 } from '../../../../src/targets/auth0/check/check-auth0.ts'
import { keepImportNotes } from '../../../../src/targets/auth0/jobs/import-notes.ts'
import { applyPrepare, showPrepare } from '../../../../src/targets/auth0/prepare/prepare.ts'
import { applyUndo, showUndo } from '../../../../src/targets/auth0/prepare/undo-prepare.ts'
import { soundHomeserver } from '../../sound-mas.ts'
import { PEPPER } from '../migration.ts'
import { addConnection, type TenantAndApi, tenantAndApi } from '../tenant-and-api.ts'
import { anna, berta, COMPANY, LONG_AFTER_MS, type Scenario } from './scenario.ts'

const { signal } = new AbortController()

const checked = ({ api, config }: TenantAndApi) =>
  checkAuth0({
    api,
    config,
    pepper: PEPPER,
    check: {
      homeserver: soundHomeserver,
      providersInUse: [],
      passwords: 1,
      road: 'merge',
      async *people() {
        yield* [anna, berta]
      },
    },
    signal,
  })

const prepared = async (tenant: TenantAndApi): Promise<void> => {
  const { api, config, clock } = tenant
  const runs = await mkdtemp(join(tmpdir(), 'syn2op-auth0-recorded-'))
  onTestFinished(() => rm(runs, { recursive: true }))
  await checked(tenant)
  const shown = await showPrepare({ api, config, lacking: { email: 'may be lacking', phone: 'as it is' }, signal })
  const { document } = await applyPrepare(shown, { api, config, runs, note: () => undefined, signal })
  await clock.sleep(LONG_AFTER_MS)
  const looking = { api, config, imports: keepImportNotes(clock), signal }
  await applyUndo(await showUndo(document.undoFile ?? '', looking), { ...looking, runs })
}

/** A connection is made, with SCIM at the company's, and all of it taken back. */
export const preparing: Scenario = async (watch) => {
  const providers = [{ ...COMPANY, link: 'scim' } as const]
  const tenant = await tenantAndApi({ connection: 'matrix-people', providers }, { watch })
  const enterprise = addConnection(tenant.standIn, 'company', 'oidc')
  await prepared(tenant)
  return { standIn: tenant.standIn, enterprise }
}

/** A connection that is there gets other options, and its old ones again. */
export const mending: Scenario = async (watch) => {
  const tenant = await tenantAndApi({}, { watch })
  tenant.standIn.connection.options = { passwordPolicy: 'good', brute_force_protection: true }
  tenant.standIn.connection.enabledClients.clear()
  await prepared(tenant)
  return tenant
}
