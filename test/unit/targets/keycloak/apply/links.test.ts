import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Account } from '../../../../../src/accounts/account.ts'
import { Syn2opError } from '../../../../../src/errors/syn2op-error.ts'
import { account, type FakeRealm, fakeRealm, imported, kinds } from './fake-realm.ts'

const newPeople = (prefix: string) =>
  Array.from({ length: 20 }, (_, n) => account(`${prefix}${n}`, { google: `${prefix.toUpperCase()}${n}` }))

const lookedUp = (asked: readonly string[]): readonly string[] => asked.filter((line) => /^GET users \S+$/u.test(line))

describe('a link that a stranger has', () => {
  it('is found though a request that was to write links never arrived', async () => {
    const realm = fakeRealm()
    for (const n of [0, 1, 2]) realm.stranger(`s${n}`, { google: `S${n}` })
    const target = realm.open()
    realm.onTheWay = (request) => {
      if (imported(request).length === 0) return undefined
      throw new Syn2opError('server.unreachable', 'connection refused')
    }
    await expect(target.batch('r1', newPeople('p'))).rejects.toThrow('connection refused')
    realm.onTheWay = () => undefined
    expect(new Set(Object.values(kinds(await target.batch('r1', newPeople('p')))))).toEqual(new Set(['created']))
    const { carl } = await target.batch('r1', [account('carl', { google: 'S1' })])
    expect(carl).toMatchObject({ outcome: 'held back', reason: 'identity_taken' })
    expect(realm.people()).not.toHaveProperty('carl')
  })

  it('is found while others are being written', async () => {
    const realm = fakeRealm()
    realm.stranger('s', { google: 'S' })
    const target = realm.open()
    const [isSent, mayArrive] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    realm.onTheWay = async (request) => {
      if (imported(request).some(({ username }) => username === 'p0')) {
        isSent.resolve()
        await mayArrive.promise
      }
      return undefined
    }
    const others = target.batch('r1', newPeople('p'))
    await isSent.promise
    const { carl } = await target.batch('r1', [account('carl', { google: 'S' })])
    mayArrive.resolve()
    await others
    expect(carl).toMatchObject({ outcome: 'held back', reason: 'identity_taken' })
  })

  it('is not asked for where all links are this run’s, though others are written meanwhile', async () => {
    const realm = fakeRealm()
    const target = realm.open()
    await target.batch('r1', newPeople('p'))
    const [isDone, mayTell] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    realm.onTheWayBack = async (request) => {
      if (imported(request).some(({ username }) => username === 'q0')) {
        isDone.resolve()
        await mayTell.promise
      } else if (request.path === 'users/count') {
        mayTell.resolve()
        await nextTurn()
      }
    }
    const others = target.batch('r1', newPeople('q'))
    await isDone.promise
    await target.batch('r1', newPeople('r'))
    await others
    expect(lookedUp(realm.asked)).toEqual([])
  })
})

describe('a link that goes from one account of a batch to another', () => {
  const ANN = account('ann', { email: 'ann@x.org', google: 'G1' })
  const BEN = account('ben', { email: 'ben@x.org', google: 'G2' })
  const withoutLink = account('ann', { email: 'ann@x.org' })
  const bob = account('bob', { google: 'G1' })

  const filled = async (...accounts: readonly Account[]): Promise<FakeRealm> => {
    const realm = fakeRealm()
    await realm.open().run('r1', accounts)
    realm.asked.length = 0
    return realm
  }
  const refusing = (realm: FakeRealm, username: string): void => {
    realm.onTheWay = ({ method, body }) =>
      method === 'PUT' && z.object({ username: z.string() }).parse(body).username === username
        ? { status: 400, body: { errorMessage: 'error-user-attribute-required' } }
        : undefined
  }

  it('is written for somebody new once its holder has given it up', async () => {
    const realm = await filled(ANN)
    expect(kinds(await realm.open().run('r2', [bob, withoutLink]))).toEqual({ bob: 'created', ann: 'updated' })
    expect(realm.people()).toEqual({ ann: { email: 'ann@x.org' }, bob: { google: 'G1' } })
    const writes = realm.asked.filter((line) => !line.startsWith('GET'))
    expect(writes.at(-1)).toBe('POST partialImport')
  })

  it('goes on from account to account, and round in a ring with addresses, links and all', async () => {
    const realm = await filled(ANN, BEN)
    const chain = [bob, account('ann', { google: 'G2' }), account('ben')]
    expect(kinds(await realm.open().run('r2', chain))).toEqual({ bob: 'created', ann: 'updated', ben: 'updated' })
    expect(realm.people()).toEqual({ ann: { google: 'G2' }, ben: {}, bob: { google: 'G1' } })
    const ring = await filled(ANN, BEN)
    const swapped = [
      account('ann', { email: 'ben@x.org', google: 'G2' }),
      account('ben', { email: 'ann@x.org', google: 'G1' }),
    ]
    expect(kinds(await ring.open().run('r2', swapped))).toEqual({ ann: 'updated', ben: 'updated' })
    expect(ring.people()).toEqual({
      ann: { email: 'ben@x.org', google: 'G2' },
      ben: { email: 'ann@x.org', google: 'G1' },
    })
    expect(kinds(await ring.open().run('r3', swapped))).toEqual({ ann: 'unchanged', ben: 'unchanged' })
  })

  it('stays with its holder alone whom a stranger’s address stops', async () => {
    const realm = await filled(ANN)
    realm.stranger('stranger', { email: 's@x.org' })
    const told = await realm.open().run('r2', [account('ann', { email: 's@x.org' }), bob])
    expect(told).toMatchObject({
      ann: { outcome: 'held back', reason: 'email_taken' },
      bob: { outcome: 'held back', reason: 'identity_taken' },
    })
    expect(realm.people()).toMatchObject({ ann: { google: 'G1' } })
    expect(realm.people()).not.toHaveProperty('bob')
  })

  it('stays with its holder alone whose change Keycloak refuses', async () => {
    const realm = await filled(ANN, BEN)
    refusing(realm, 'ann')
    const moved = [withoutLink, account('ben', { email: 'ben@x.org', google: 'G1' }), account('cid', { google: 'G2' })]
    expect(kinds(await realm.open().run('r2', moved))).toEqual({ ann: 'rejected', ben: 'held back', cid: 'held back' })
    const before = { ann: { email: 'ann@x.org', google: 'G1' }, ben: { email: 'ben@x.org', google: 'G2' } }
    expect(realm.people()).toEqual(before)
    realm.onTheWay = () => undefined
    expect(kinds(await realm.open().run('r3', moved))).toEqual({ ann: 'updated', ben: 'updated', cid: 'created' })
    expect(realm.people()).toMatchObject({ ben: { google: 'G1' }, cid: { google: 'G2' } })
  })

  it('stays where it is in a ring in which one change is refused', async () => {
    const realm = await filled(ANN, BEN)
    refusing(realm, 'ben')
    const swapped = [
      account('ann', { email: 'ann@x.org', google: 'G2' }),
      account('ben', { email: 'ben@x.org', google: 'G1' }),
    ]
    expect(kinds(await realm.open().run('r2', swapped))).toEqual({ ann: 'held back', ben: 'rejected' })
    expect(realm.people()).toMatchObject({ ann: { google: 'G1' }, ben: { google: 'G2' } })
  })

  it('stays with somebody who is gone from the source as long as Keycloak does not delete them', async () => {
    const realm = await filled(ANN)
    realm.onTheWay = ({ method, path }) =>
      method === 'DELETE' && !path.includes('federated') ? { status: 500, body: { error: 'unknown_error' } } : undefined
    const told = await realm.open().run('r2', [bob], [ANN.mxid])
    expect(told).toMatchObject({
      ann: { outcome: 'rejected' },
      bob: { outcome: 'held back', reason: 'identity_taken' },
    })
    expect(realm.people()).toEqual({ ann: { email: 'ann@x.org', google: 'G1' } })
  })
})
