import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check } from '../../../src/migration/check.ts'
import { plan } from '../../../src/migration/plan.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import type { StagedSource } from '../../../src/synapse/sqlite/staged-source.ts'
import type { Target } from '../../../src/targets/target.ts'
import { memoryPeople, memoryTarget } from '../../../src/testing.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { demoRequest } from '../../support/migration/requests.ts'
import { migrated } from '../../support/migration/run.ts'
import { testPostgres } from '../../support/postgres.ts'

const NAME = 'running_synapse'
const postgres = testPostgres()

/** What keeps people logged in at Synapse, as Keycloak does. */
const STAYS: Pick<Target, 'leaves'> = {
  leaves: { session: 'stays_in_synapse', access_token: 'stays_in_synapse', refresh_token: 'stays_in_synapse' },
}

describe('a Synapse that runs', () => {
  let request: MigrationRequest
  let synapse: Awaited<ReturnType<typeof postgres.superuser>>

  const into = (more: Pick<Target, 'leaves'>): MigrationRequest => ({
    ...request,
    openTarget: async () => ({ ...memoryTarget(memoryPeople()), ...more }),
  })
  const codes = ({ findings }: Awaited<ReturnType<typeof check>>): readonly string[] => findings.map(({ code }) => code)

  beforeAll(async () => {
    const source = await createDemoHomeserver(postgres, NAME, { accounts: 40 })
    request = demoRequest({ synapse: source, mas: source })
    synapse = await postgres.superuser(NAME)
    await synapse.query(`SET application_name = 'master'`)
  })
  afterAll(() => synapse?.end())

  it('is in the way of a target that takes its sessions', async () => {
    expect(codes(await check(into({})))).toContain('SYNAPSE_RUNNING')
    expect((await plan(into({}))).findings.map(({ code }) => code)).toContain('SYNAPSE_RUNNING')
    await expect(migrated(into({}))).rejects.toMatchObject({
      code: 'check.warnings',
      problems: [{ message: expect.stringContaining('SYNAPSE_RUNNING') }],
    })
  })

  it('is as it should be where its sessions stay: nothing is said of it, and the people move', async () => {
    const said = [...codes(await check(into(STAYS))), ...(await plan(into(STAYS))).findings.map(({ code }) => code)]
    expect(said.filter((code) => code.startsWith('SYNAPSE_RUNNING') || code === 'SYNAPSE_SERVER_BUSY')).toEqual([])
    const { outcomes } = await migrated(into(STAYS))
    expect(outcomes?.find(({ outcome }) => outcome === 'created')?.count).toBeGreaterThan(20)
  })

  it('is as it should be too where it keeps its people in a SQLite file', async () => {
    const staged = (signs: readonly string[]): StagedSource => ({
      file: 'homeserver.db',
      signs,
      findings: [{ code: 'SQLITE_UNWATCHED', severity: 'warning', message: 'Nobody is seen', remedy: [] }],
      now: async () => request.source,
    })
    const seen = { ...into(STAYS), staged: staged(['its log holds something']) }
    expect(codes(await check(seen)).filter((code) => /RUNNING|UNWATCHED/u.test(code))).toEqual([])
    const other = { ...into({}), staged: staged(['its log holds something']) }
    expect(codes(await check(other))).toEqual(expect.arrayContaining(['SYNAPSE_RUNNING', 'SQLITE_UNWATCHED']))
  })
})
