import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Belonging } from '../../../src/rehearsal/leases/lease.ts'
import { type LeaseRecord, recordFile, writeRecord } from '../../../src/rehearsal/leases/lease-record.ts'
import { describePlace } from '../../../src/rehearsal/leases/place.ts'
import { sweep } from '../../../src/rehearsal/leases/sweep.ts'
import { leaseFolder } from '../../support/rehearsal-process.ts'

/** What happens between a sweep's reading of a lease and its looking for the process. */
const meanwhile = vi.hoisted(() => ({ happens: (): void => {} }))

vi.mock('../../../src/rehearsal/leases/process-start.ts', async (original) => {
  const actual = await original<typeof import('../../../src/rehearsal/leases/process-start.ts')>()
  return {
    ...actual,
    processStart: (pid: number) => {
      meanwhile.happens()
      return actual.processStart(pid)
    },
  }
})

let root: string
let rehearsal: ChildProcess
beforeEach(async () => {
  root = await leaseFolder()
  rehearsal = spawn('sleep', ['300'], { stdio: 'ignore' })
  await once(rehearsal, 'spawn')
})
afterEach(async () => {
  meanwhile.happens = () => {}
  rehearsal.kill('SIGKILL')
  await rm(dirname(root), { recursive: true, force: true })
})

const ID = '20261123-120501-1k7vq0c8m2xha'
const first: Belonging = { kind: 'realm', url: 'https://keycloak.example', name: 'first' }
const second: Belonging = { ...first, name: 'second' }

/** The lease of a rehearsal that writes `last` and ends just after a sweep has read it. */
const endsUnderASweep = async (last: Partial<LeaseRecord>): Promise<readonly unknown[]> => {
  const { processStart } = await import('../../../src/rehearsal/leases/process-start.ts')
  const pid = rehearsal.pid ?? 0
  const record: LeaseRecord = {
    format: 1,
    id: ID,
    pid,
    started: processStart(pid) ?? '',
    place: describePlace(),
    made: Date.now(),
    kept: false,
    belongings: [first],
  }
  const folder = join(root, ID)
  await mkdir(folder, { recursive: true })
  await writeRecord(folder, record)
  meanwhile.happens = () => {
    meanwhile.happens = () => {}
    writeFileSync(recordFile(folder), JSON.stringify({ ...record, ...last }))
    rehearsal.kill('SIGKILL')
    while (processStart(pid) !== undefined);
  }
  const removed: Belonging[] = []
  await sweep({
    root,
    note: () => {},
    signal: new AbortController().signal,
    removeRealm: async (realm) => void removed.push(realm),
  })
  return removed
}

describe('a rehearsal that ends while a sweep looks at it', () => {
  it('is left alone where the last that it said is that it is kept', async () => {
    expect(await endsUnderASweep({ kept: true })).toEqual([])
    expect(existsSync(join(root, ID))).toBe(true)
  })

  it('is ended with what it noted last', async () => {
    expect(await endsUnderASweep({ belongings: [first, second] })).toEqual([second, first])
    expect(existsSync(join(root, ID))).toBe(false)
  })
})
