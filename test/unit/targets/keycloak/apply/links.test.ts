import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../../../src/errors/syn2op-error.ts'
import { account, fakeRealm, imported, kinds } from './fake-realm.ts'

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
