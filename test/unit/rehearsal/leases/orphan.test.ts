import { mkdtemp, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { isOrphan, type Mark } from '../../../../src/rehearsal/leases/orphan.ts'
import type { Also } from '../../../../src/rehearsal/leases/sweep.ts'

const ID = '20261123-120501-1k7vq0c8m2xha'
const HERE = { host: hostname(), folder: '/nowhere' }
const ELSEWHERE = { host: 'a-job-that-is-gone', folder: '/nowhere' }
const PAST = new Date(0)
const FUTURE = new Date(Date.now() + 3_600_000)

const ends = (mark: Omit<Mark, 'id'>, also?: Also, leased: readonly string[] = []): Promise<boolean> =>
  isOrphan({ id: ID, ...mark }, { leased: new Set(leased), ...(also === undefined ? {} : { also }) })

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
    { host: undefined, folder: '', until: FUTURE, kept: false },
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
])('what is left of a rehearsal without a lease and %s', async (_, mark, expected) => {
  expect(await everyWay(mark)).toEqual(expected)
})

it.each(['kept', { id: ID }] as const)('what has a lease is ended with that, or not at all (%j)', async (also) => {
  for (const kept of [true, false]) expect(await ends({ ...HERE, until: PAST, kept }, also, [ID])).toBe(false)
})

it('what has its folder on this host is no orphan, wherever that is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-orphan-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const mark = { host: hostname(), folder, until: PAST }
  expect(await everyWay({ ...mark, kept: false })).toEqual([false, false, false, false])
  expect(await everyWay({ ...mark, kept: true })).toEqual([false, false, false, false])
  // Another machine's folder of that name is none of its.
  expect(await ends({ ...mark, host: 'another', kept: false })).toBe(true)
})
