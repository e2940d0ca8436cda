import { mkdtemp, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { Also } from '../../../../src/rehearsal/leases/orphan.ts'
import { isOrphan, type Mark } from '../../../../src/rehearsal/leases/orphan.ts'
import { describePlace } from '../../../../src/rehearsal/leases/place.ts'

const ID = '20261123-120501-1k7vq0c8m2xha'
const HERE = { place: describePlace(), folder: '/nowhere' }
const ELSEWHERE = { place: 'a-job-that-is-gone 1f3a pid:[4026531836] its-boot', folder: '/nowhere' }
const NAMED_ALIKE = { place: `${hostname()} 1f3a pid:[4026531836] its-boot`, folder: '/nowhere' }
const BY_NAME_ALONE = { place: hostname(), folder: '/nowhere' }
const PAST = new Date(0)
const FUTURE = new Date(Date.now() + 3_600_000)

const ends = (mark: Omit<Mark, 'id'>, also?: Also, leased: readonly string[] = []): Promise<boolean> =>
  isOrphan({ id: ID, ...mark }, { leased: new Set(leased), spare: () => {}, ...(also === undefined ? {} : { also }) })

/** Whether each goes: at every sweep, with `--clean all`, with `--clean` and its id, with another’s. */
const everyWay = (mark: Omit<Mark, 'id'>): Promise<readonly boolean[]> =>
  Promise.all([ends(mark), ends(mark, 'kept'), ends(mark, { id: ID }), ends(mark, { id: 'another' })])

it.each([
  ['whose time has passed goes', { ...ELSEWHERE, until: PAST, kept: false }, [true, true, true, true]],
  [
    'of this host goes before its time by its id alone',
    { ...HERE, until: FUTURE, kept: false },
    [false, false, true, false],
  ],
  ['of another host waits for its time', { ...ELSEWHERE, until: FUTURE, kept: false }, [false, false, false, false]],
  [
    'of nobody knows which host waits for its time',
    { place: undefined, folder: '', until: FUTURE, kept: false },
    [false, false, false, false],
  ],
  [
    'of another host of our name waits for its time',
    { ...NAMED_ALIKE, until: FUTURE, kept: false },
    [false, false, false, false],
  ],
  [
    'of some host of our name waits for its time',
    { ...BY_NAME_ALONE, until: FUTURE, kept: false },
    [false, false, false, false],
  ],
  [
    'that was kept on this host goes with all, or by its id',
    { ...HERE, until: PAST, kept: true },
    [false, true, true, false],
  ],
  [
    'that was kept on another host goes by its id alone',
    { ...ELSEWHERE, until: PAST, kept: true },
    [false, false, true, false],
  ],
  [
    'that was kept on another host of our name goes by its id alone',
    { ...NAMED_ALIKE, until: PAST, kept: true },
    [false, false, true, false],
  ],
  [
    'that was kept on some host of our name goes by its id alone',
    { ...BY_NAME_ALONE, until: PAST, kept: true },
    [false, false, true, false],
  ],
])('what is left of a rehearsal without a lease and %s', async (_, mark, expected) => {
  expect(await everyWay(mark)).toEqual(expected)
})

it.each(['kept', { id: ID }] as const)('what has a lease is ended with that, or not at all (%j)', async (also) => {
  for (const kept of [true, false]) expect(await ends({ ...HERE, until: PAST, kept }, also, [ID])).toBe(false)
})

it('what has its folder on this host is no orphan, wherever that is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-orphan-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const mark = { folder, until: PAST }
  for (const { place } of [HERE, NAMED_ALIKE, BY_NAME_ALONE]) {
    expect(await everyWay({ ...mark, place, kept: false })).toEqual([false, false, false, false])
    expect(await everyWay({ ...mark, place, kept: true })).toEqual([false, false, false, false])
  }
  // Another machine's folder of that name is none of its.
  expect(await ends({ ...mark, place: 'another 1f3a pid:[4026531836] its-boot', kept: false })).toBe(true)
})

it('what has its folder on this host is told with that folder where its id is asked for', async () => {
  const root = await mkdtemp(join(tmpdir(), 'syn2op-orphan-'))
  onTestFinished(() => rm(root, { recursive: true }))
  const spared: string[] = []
  const spare = (why: string): void => void spared.push(why)
  const mark = { id: ID, place: describePlace(), folder: root, until: FUTURE, kept: true }
  for (const also of ['kept', { id: 'another' }] as const) await isOrphan(mark, { also, leased: new Set(), spare })
  expect(spared).toEqual([])
  expect(await isOrphan(mark, { also: { id: ID }, leased: new Set(), spare })).toBe(false)
  expect(spared).toEqual([expect.stringContaining(root)])
})
