import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { endWithoutRecord } from '../../../../src/rehearsal/leases/end-without-record.ts'
import { isOrphan } from '../../../../src/rehearsal/leases/orphan.ts'
import { describePlace } from '../../../../src/rehearsal/leases/place.ts'

// As on macOS.
vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof import('node:fs/promises')>()
  return {
    ...actual,
    readdir: (path: string) => (path === '/proc' ? Promise.reject(new Error('ENOENT')) : actual.readdir(path)),
  }
})

const ID = '20261123-120501-1k7vq0c8m2xha'

describe('a rehearsal without a record, where the system does not show its processes', () => {
  it('is left alone, and it is said why: it may live', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'syn2op-unseen-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const left = await endWithoutRecord(ID, folder)
    expect(left).toMatchObject({ what: [], alone: expect.stringContaining(`delete ${folder}`) as unknown })
    expect(existsSync(folder)).toBe(true)
  })

  it('is ended on servers by its id where it was kept; otherwise it may live, and that is said', async () => {
    const spared: string[] = []
    const mark = { id: ID, place: describePlace(), folder: '/nowhere', until: new Date(Date.now() + 3_600_000) }
    const asked = { also: { id: ID }, leased: new Set<string>(), spare: (why: string) => void spared.push(why) }
    expect(await isOrphan({ ...mark, kept: true }, asked)).toBe(true)
    expect(spared).toEqual([])
    expect(await isOrphan({ ...mark, kept: false }, asked)).toBe(false)
    expect(spared).toEqual([expect.stringContaining('may be running')])
  })
})
