import { describe, expect, it } from 'vitest'
import { openManagementApi } from '../../../src/targets/auth0/api/management-api.ts'
import { type LoginSubjects, loginSubjects } from '../../../src/targets/auth0/links/login-subjects.ts'
import { linkedAway, anna as ofDatabase, WHERES } from '../../support/auth0/linked-away.ts'
import { accountOf, type TenantToFill, tenantToFill } from '../../support/auth0/migration.ts'
import { anna, person, primaryOf, scimUser, withScim } from '../../support/auth0/scim-people.ts'

const { signal } = new AbortController()

const subjectsAt = async (
  { config, clock }: TenantToFill,
  accounts: readonly { readonly mxid: string }[],
): Promise<LoginSubjects> => {
  const api = openManagementApi(config, { clock })
  try {
    const mxids = accounts.map(({ mxid }) => mxid)
    return await loginSubjects({ api, config }, mxids, signal)
  } finally {
    await api.close()
  }
}

describe('as whom people log in', () => {
  it('is who they were imported as', async () => {
    const tenant = await tenantToFill()
    const bert = accountOf('bert')
    await (await tenant.open()).migrate({ accounts: [bert] })
    expect(await subjectsAt(tenant, [bert])).toEqual({ own: new Map(), others: new Map() })
  })

  it('is whom syn2op has made by SCIM, to whom they are linked', async () => {
    const tenant = await withScim()
    await (await tenant.open()).migrate({ accounts: [anna] })
    expect(await subjectsAt(tenant, [anna])).toEqual({
      own: new Map([[anna.mxid, primaryOf(anna)]]),
      others: new Map(),
    })
  })

  it('is not yet whom SCIM has made where a run has died before the link', async () => {
    const bert = person('bert')
    const isLink = (method: string, path: string): boolean => method === 'POST' && path.endsWith('/identities')
    const tenant = await withScim({ faults: [{ kind: 'error before', on: isLink }] })
    await (await tenant.open()).migrate({ accounts: [bert] }).catch(() => undefined)
    expect(scimUser(tenant, bert)?.appMetadata).toMatchObject({ syn2op: { mxid: bert.mxid } })
    expect(tenant.userOf(bert)).toBeDefined()
    expect(await subjectsAt(tenant, [bert])).toEqual({ own: new Map(), others: new Map() })
  })

  it.each(WHERES)('is somebody else where somebody has linked them to one %s', async (where) => {
    const { tenant, primaryId } = await linkedAway(where)
    expect(await subjectsAt(tenant, [ofDatabase])).toEqual({
      own: new Map(),
      others: new Map([[ofDatabase.mxid, primaryId]]),
    })
  })

  it('is not asked where nobody is to be linked', async () => {
    const tenant = await tenantToFill()
    expect(await subjectsAt(tenant, [])).toEqual({ own: new Map(), others: new Map() })
    expect(tenant.standIn.requests).toHaveLength(0)
  })

  it('is asked of a connection that is there', async () => {
    const tenant = await tenantToFill({}, { connection: 'another' })
    await expect(subjectsAt(tenant, [anna])).rejects.toMatchObject({ code: 'config.invalid' })
  })
})
