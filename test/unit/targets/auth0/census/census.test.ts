import { readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { PresentUser } from '../../../../../src/targets/auth0/api/user.ts'
import { openCensusFile } from '../../../../../src/targets/auth0/census/census-file.ts'
import { type KeptCensus, keepCensus } from '../../../../../src/targets/auth0/census/keep-census.ts'

const { signal } = new AbortController()

const userOf = (name: string, fields: Partial<PresentUser> = {}): PresentUser => ({
  id: `auth0|${name}`,
  username: name,
  email: `${name}@Example.org`,
  emailVerified: true,
  phoneNumber: '+4930',
  phoneVerified: false,
  names: { nickname: name },
  blocked: false,
  appMetadata: { matrix: { other: [1, { of: null }] } },
  userMetadata: {},
  identities: [{ connection: 'people', provider: 'auth0', userId: name, isSocial: false }],
  createdAt: 1,
  loginsCount: 0,
  ...fields,
})

const foldersOfCensus = (): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('syn2op-census-'))

describe('a census file', () => {
  it('finds somebody by each of their names, as it was told of them', () => {
    const census = openCensusFile()
    const user = userOf('anna')
    census.put(user)
    census.complete()
    expect(census.byId('auth0|anna')).toEqual(user)
    expect(census.holder('username', 'ANNA')).toEqual(user)
    expect(census.holder('email', 'anna@example.org')).toEqual(user)
    expect(census.holder('phone', '+4930')).toEqual(user)
    expect(census.holder('email', 'other@example.org')).toBeUndefined()
    expect(census.byId('auth0|other')).toBeUndefined()
    census.close()
  })

  it('follows what is written after it', () => {
    const census = openCensusFile()
    census.put(userOf('anna'))
    census.complete()
    census.put(userOf('anna', { username: 'anne' }))
    census.put(userOf('berta'))
    expect(census.holder('username', 'anna')).toBeUndefined()
    expect(census.holder('username', 'anne')?.id).toBe('auth0|anna')
    census.remove('auth0|berta')
    expect(census.byId('auth0|berta')).toBeUndefined()
    census.close()
  })

  it('takes more users than one transaction does', () => {
    const census = openCensusFile()
    for (let n = 0; n < 12_000; n++) census.put(userOf(`user${n}`))
    census.complete()
    for (const n of [0, 4999, 5000, 11_999]) expect(census.holder('username', `user${n}`)?.id).toBe(`auth0|user${n}`)
    census.close()
  })

  it('leaves nothing in the folder of temporary files, and can be closed twice', () => {
    const before = foldersOfCensus()
    const census = openCensusFile()
    for (const folder of foldersOfCensus().filter((name) => !before.includes(name))) {
      expect(statSync(join(tmpdir(), folder)).mode & 0o077).toBe(0)
    }
    census.close()
    census.close()
    expect(foldersOfCensus()).toEqual(before)
  })
})

describe('the census of a process', () => {
  const kept: KeptCensus[] = []
  let now = 0
  const keep = (users: (stop: AbortSignal) => AsyncIterable<PresentUser>): KeptCensus => {
    const census = keepCensus({ users, now: () => now })
    kept.push(census)
    return census
  }
  afterEach(async () => {
    for (const census of kept.splice(0)) await census.close()
  })

  it('is taken once, by whoever asks first', async () => {
    let exports = 0
    const census = keep(async function* () {
      exports++
      yield userOf('anna')
    })
    const [one, other] = await Promise.all([census.known(signal), census.fresh(signal)])
    expect(one.byId('auth0|anna')).toEqual(other.byId('auth0|anna'))
    await census.fresh(signal)
    expect(exports).toBe(1)
  })

  it('is taken anew after we have written, for those only who want to know what is there now', async () => {
    let exports = 0
    const census = keep(async function* () {
      exports++
      yield userOf(`export${exports}`)
    })
    const known = await census.known(signal)
    census.wrote(userOf('berta'))
    expect((await census.known(signal)).byId('auth0|berta')).toBeDefined()
    expect(exports).toBe(1)
    await census.fresh(signal)
    expect(known.byId('auth0|export2')).toBeDefined()
    expect(known.byId('auth0|export1')).toBeUndefined()
  })

  it('holds what was written while it was taken', async () => {
    const exported = Promise.withResolvers<void>()
    const census = keep(async function* () {
      yield userOf('anna')
      await exported.promise
    })
    const taken = census.known(signal)
    await Promise.resolve()
    census.wrote(userOf('berta'))
    census.removed('auth0|anna')
    exported.resolve()
    const known = await taken
    expect(known.byId('auth0|berta')).toBeDefined()
    expect(known.byId('auth0|anna')).toBeUndefined()
  })

  it('is tried again after a failure', async () => {
    let exports = 0
    const census = keep(async function* () {
      if (++exports === 1) throw new Error('the export failed')
      yield userOf('anna')
    })
    await expect(census.known(signal)).rejects.toThrow('the export failed')
    expect((await census.known(signal)).byId('auth0|anna')).toBeDefined()
  })

  it('is renewed some times at once for who is not as it says, then only so often that it takes little of the time', async () => {
    let exports = 0
    const census = keep(async function* () {
      exports++
      now += 60_000
      yield userOf(`export${exports}`)
    })
    await census.known(signal)
    for (let times = 0; times < 10; times++) {
      census.writes()
      await census.renewed(signal)
    }
    expect(exports).toBe(4)
    now += 11 * 60_000
    await census.renewed(signal)
    expect(exports).toBe(5)
  })

  it('keeps nobody waiting who is stopped, and goes on for the others', async () => {
    const exported = Promise.withResolvers<void>()
    const census = keep(async function* () {
      await exported.promise
      yield userOf('anna')
    })
    const stop = new AbortController()
    const stopped = census.known(stop.signal)
    const patient = census.known(signal)
    stop.abort(new Error('stopped'))
    await expect(stopped).rejects.toThrow('stopped')
    exported.resolve()
    expect((await patient).byId('auth0|anna')).toBeDefined()
  })
})
