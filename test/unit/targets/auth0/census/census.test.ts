import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readlinkSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import type { PresentUser } from '../../../../../src/targets/auth0/api/user.ts'
import { type CensusFile, openCensusFile } from '../../../../../src/targets/auth0/census/census-file.ts'
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

const RUN = 'abcdefghijklmnopqrstuv'

/** Somebody whom we wrote. */
const ownOf = (name: string, fields: Partial<PresentUser> = {}): PresentUser =>
  userOf(name, {
    appMetadata: {
      syn2op: { v: 1, mxid: `@${name}:example.org`, server: 'example.org', run: 'run-1', a: RUN },
      matrix: { other: [1, { of: null }] },
    },
    ...fields,
  })

const opened = (folder?: string): CensusFile => {
  const census = openCensusFile(folder)
  onTestFinished(() => census.close())
  census.begin()
  return census
}

const scratchFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'syn2op-census-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Files of a census that this process has open below a folder, though they have been deleted. */
const openFiles = (folder: string): readonly Stats[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    const link = `/proc/self/fd/${fd}`
    try {
      return readlinkSync(link).startsWith(join(folder, '.syn2op-census-')) ? [statSync(link)] : []
    } catch {
      return []
    }
  })

describe('a census file', () => {
  it('finds one of ours by each of their names, as it was told of them', () => {
    const census = opened()
    const user = ownOf('anna')
    census.tell(user)
    census.complete()
    expect(census.byId('auth0|anna')).toEqual(user)
    expect(census.holder('username', 'ANNA')).toEqual(user)
    expect(census.holder('email', 'anna@example.org')).toEqual(user)
    expect(census.holder('phone', '+4930')).toEqual(user)
    expect(census.holder('email', 'other@example.org')).toBeUndefined()
    expect(census.byId('auth0|other')).toBeUndefined()
  })

  it('keeps of others in the database who they are and by what they are known, and nothing else', () => {
    const census = opened()
    census.tell(userOf('anna', { lastLogin: 1, userMetadata: { diary: 'of years' } }))
    census.complete()
    const found = census.byId('auth0|anna')
    expect(found).toMatchObject({ username: 'anna', email: 'anna@Example.org', phoneNumber: '+4930' })
    expect(JSON.stringify(found)).not.toMatch(/diary|other|nickname/)
    expect(census.holder('email', 'anna@example.org')).toEqual(found)
  })

  it('keeps of whom somebody has linked to another whose they are, and of spoilt marks that there are some', () => {
    const census = opened()
    census.tell(userOf('anna', { primaryId: 'oidc|1', blocked: true, appMetadata: { syn2op: 'spoilt' } }))
    census.complete()
    expect(census.byId('auth0|anna')).toMatchObject({
      primaryId: 'oidc|1',
      blocked: true,
      appMetadata: { syn2op: null },
    })
  })

  it('keeps of whom an identity provider knows whether they have been used, and whether something is noted of them', () => {
    const census = opened()
    const user = userOf('anna', { id: 'oidc|anna', loginsCount: 3, userMetadata: { diary: 'of years', more: 1 } })
    census.tell(user)
    census.complete()
    expect(census.byId('oidc|anna')).toEqual({ ...user, appMetadata: { matrix: true }, userMetadata: { diary: true } })
    expect(census.holder('username', 'anna')).toBeUndefined()
  })

  it('follows what is written after it', () => {
    const census = opened()
    census.tell(userOf('anna'))
    census.complete()
    census.put(userOf('anna', { username: 'anne' }))
    census.put(userOf('berta'))
    expect(census.holder('username', 'anna')).toBeUndefined()
    expect(census.holder('username', 'anne')?.id).toBe('auth0|anna')
    census.remove('auth0|berta')
    expect(census.byId('auth0|berta')).toBeUndefined()
  })

  it('told of everybody anew, has nobody who is gone, and what was written meanwhile as we wrote it', () => {
    const census = opened()
    for (const name of ['anna', 'berta', 'clara', 'dora']) census.tell(ownOf(name))
    census.complete()
    census.begin()
    census.put(ownOf('anna', { blocked: true }))
    census.remove('auth0|berta')
    for (const name of ['anna', 'berta']) census.tell(ownOf(name))
    census.tell(ownOf('clara', { email: 'c@example.org' }))
    expect(census.byId('auth0|dora')).toBeDefined()
    census.complete()
    expect(census.byId('auth0|anna')?.blocked).toBe(true)
    expect(census.byId('auth0|berta')).toBeUndefined()
    expect(census.holder('email', 'clara@example.org')).toBeUndefined()
    expect(census.holder('email', 'c@example.org')?.id).toBe('auth0|clara')
    expect(census.byId('auth0|dora')).toBeUndefined()
  })

  it('tells of many who is still there', () => {
    const census = opened()
    for (let n = 0; n < 10_000; n++) census.tell(userOf(`user${n}`))
    census.complete()
    census.begin()
    for (let n = 0; n < 10_000; n += 2) census.tell(userOf(`user${n}`))
    census.complete()
    for (const n of [0, 4998, 9998]) expect(census.holder('username', `user${n}`)?.id).toBe(`auth0|user${n}`)
    for (const n of [1, 4999, 9999]) expect(census.byId(`auth0|user${n}`)).toBeUndefined()
  })

  it('takes less than half a kilobyte for each of ours, and a third of one for each of others', () => {
    const folder = scratchFolder()
    const bytesOf = (user: (name: string) => PresentUser): number => {
      const census = opened(folder)
      for (let n = 0; n < 4000; n++) census.tell(user(`user${n}`))
      census.complete()
      const bytes = openFiles(folder).reduce((sum, { size }) => sum + size, 0)
      census.close()
      return bytes / 4000
    }
    const picture = (name: string) => `https://s.gravatar.com/avatar/${createHash('md5').update(name).digest('hex')}`
    expect(bytesOf((name) => ownOf(name, { names: { nickname: name, picture: picture(name) } }))).toBeLessThan(500)
    expect(bytesOf((name) => userOf(name, { names: { picture: picture(name).repeat(9) } }))).toBeLessThan(330)
  })

  it('is in the folder that it is given, for this user alone, and leaves nothing there', () => {
    const folder = scratchFolder()
    const census = opened(folder)
    census.tell(userOf('anna'))
    const files = openFiles(folder)
    expect(files).not.toEqual([])
    for (const { mode } of files) expect(mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual([])
    census.close()
    census.close()
    expect(openFiles(folder)).toEqual([])
  })

  it('is among temporary files where there is no such folder', () => {
    const census = opened(join(tmpdir(), 'syn2op-nowhere'))
    expect(openFiles(tmpdir()).length).toBeGreaterThan(0)
    census.close()
  })

  it('says where there is no room for it', () => {
    const file = join(scratchFolder(), 'file')
    writeFileSync(file, '')
    expect(() => openCensusFile(file)).toThrow(
      expect.objectContaining({ code: 'temporary.unwritable', message: expect.stringContaining(file) }),
    )
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

  it('is kept in one file, also while it is taken anew', async () => {
    const folder = scratchFolder()
    const files: number[] = []
    const census = keepCensus({
      users: async function* () {
        files.push(openFiles(folder).length)
        yield userOf('anna')
      },
      now: () => 0,
      folder,
    })
    kept.push(census)
    const known = await census.known(signal)
    census.writes()
    expect((await census.fresh(signal)).byId('auth0|anna')).toEqual(known.byId('auth0|anna'))
    expect(files).toEqual([1, 1])
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
