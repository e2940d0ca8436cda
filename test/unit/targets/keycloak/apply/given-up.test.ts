import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Syn2opError } from '../../../../../src/errors/syn2op-error.ts'
import { account, fakeRealm, kinds, type OnTheWay } from './fake-realm.ts'

const swapped = [account('ann', { email: 'ben@x.org' }), account('ben', { email: 'ann@x.org' })]

const filled = async () => {
  const realm = fakeRealm()
  await realm.open().run('r1', [account('ann', { email: 'ann@x.org' }), account('ben', { email: 'ben@x.org' })])
  return realm
}

const putOf = ({ method, body }: Parameters<OnTheWay>[0]) =>
  method === 'PUT' ? z.object({ username: z.string(), email: z.string().optional() }).parse(body) : undefined

const REMOVED = expect.objectContaining({ relation: 'threepid', remove: 1 })

describe('an address that an account has given up for another', () => {
  it('is told of an account that Keycloak refuses afterwards', async () => {
    const realm = await filled()
    realm.onTheWay = (request) => {
      const put = putOf(request)
      if (put?.username !== 'ben' || put.email === undefined) return undefined
      return { status: 400, body: { errorMessage: 'error-invalid-email' } }
    }
    const told = await realm.open().run('r2', swapped)
    expect(told).toMatchObject({ ann: { outcome: 'updated' }, ben: { outcome: 'rejected', rows: [REMOVED] } })
    expect(realm.people()).toEqual({ ann: { email: 'ben@x.org' }, ben: {} })
  })

  it('is told of it in a later try too', async () => {
    const realm = await filled()
    const target = realm.open()
    realm.onTheWay = (request) => {
      if (putOf(request)?.email === undefined) return undefined
      throw new Syn2opError('server.unreachable', 'connection refused')
    }
    await expect(target.batch('r2', swapped)).rejects.toThrow('connection refused')
    expect(realm.people()).toEqual({ ann: {}, ben: {} })
    realm.onTheWay = (request) =>
      putOf(request)?.username === 'ben' ? { status: 400, body: { errorMessage: 'no' } } : undefined
    expect(await target.batch('r2', swapped)).toMatchObject({
      ann: { outcome: 'updated', rows: expect.arrayContaining([REMOVED]) },
      ben: { outcome: 'rejected', rows: [REMOVED] },
    })
  })

  it('is not told where Keycloak does not let it go', async () => {
    const realm = await filled()
    realm.onTheWay = (request) =>
      putOf(request) === undefined
        ? undefined
        : { status: 400, body: { errorMessage: 'error-user-attribute-required' } }
    const told = await realm.open().run('r2', swapped)
    expect(kinds(told)).toEqual({ ann: 'rejected', ben: 'rejected' })
    expect(Object.values(told).flatMap(({ rows }) => rows)).toEqual([])
    expect(realm.people()).toEqual({ ann: { email: 'ann@x.org' }, ben: { email: 'ben@x.org' } })
  })
})
