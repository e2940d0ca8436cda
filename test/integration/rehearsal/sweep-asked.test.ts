import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { cleanCommand } from '../../../src/rehearsal/clean-command.ts'
import { readRecord, recordFile, writeRecord } from '../../../src/rehearsal/leases/lease-record.ts'
import { isOrphan, type Mark } from '../../../src/rehearsal/leases/orphan.ts'
import { describePlace } from '../../../src/rehearsal/leases/place.ts'
import { type SweepOptions, sweep } from '../../../src/rehearsal/leases/sweep.ts'
import { comesTrue, leaseFolder, rehearsalProcess, runs } from '../../support/rehearsal-process.ts'

let root: string
const notes: string[] = []
const removed: string[] = []
beforeEach(async () => {
  root = await leaseFolder()
  notes.length = 0
  removed.length = 0
})
afterEach(() => rm(dirname(root), { recursive: true, force: true }))

const options = (more: Partial<SweepOptions> = {}): SweepOptions => ({
  root,
  note: (message) => notes.push(message),
  signal: new AbortController().signal,
  removeRealm: async ({ name }) => void removed.push(name),
  ...more,
})

const PROGRAM = `
  const { startProgram } = await load('leases/start-program.ts')
  const program = await startProgram(lease, 'sh', ['-c', 'sleep 300 & sleep 300'], { output: 'ignore', env: process.env })
  await program.keep();`
const SERVER = `
  const { localPostgres } = await load('services/postgres/local-postgres.ts')
  const server = await localPostgres('throw-away').start(context); await server.keep();`
const REALM = `await lease.holds({ kind: 'realm', url: 'https://keycloak.example', name: 'theirs' });`
const KEEP = 'await lease.keep();'

interface Begun {
  readonly id: string
  readonly folder: string
  /** Of its program, where it has one. */
  readonly pid: number
}

/** A rehearsal whose process is dead, and its guard too. */
const dead = async (script: string): Promise<Begun> => {
  const pid = script.includes(PROGRAM) ? 'program.child.pid' : '0'
  const rehearsal = await rehearsalProcess(root, `${script} tell({ folder: lease.folder, pid: ${pid} })`)
  if (script.includes(KEEP)) {
    // A guard of what is kept has nothing to wait for.
    const gone = await comesTrue(() => rehearsal.guards().length === 0)
    await rehearsal.kill()
    expect(gone).toBe(true)
  } else {
    await rehearsal.killWithGuard()
  }
  return rehearsal.told as unknown as Begun
}

const moveTo = async (folder: string, place: string): Promise<void> => {
  const record = await readRecord(folder)
  if (record === undefined) throw new TypeError('the lease is there')
  await writeRecord(folder, { ...record, place })
}
const ELSEWHERE = 'db-7 1f3a pid:[4026531836] another-boot'

describe('a rehearsal of another machine with the same folder for temporary files', () => {
  it.each(['its id', 'all'])('is ended where it was kept, when %s is asked for', async (asked) => {
    const { id, folder } = await dead(`${REALM}${KEEP}`)
    await moveTo(folder, ELSEWHERE)
    expect(await sweep(options())).toEqual([])
    expect(removed).toEqual([])
    const also = asked === 'all' ? 'kept' : { id }
    expect(await sweep(options({ also }))).toMatchObject([{ id, left: [] }])
    expect(removed).toEqual(['theirs'])
    expect(existsSync(folder)).toBe(false)
  })

  it('keeps its programs, whose numbers say nothing here: those are told as left', async () => {
    const { id, folder, pid } = await dead(`${PROGRAM}${REALM}${KEEP}`)
    const here = (await readRecord(folder))?.place ?? ''
    await moveTo(folder, ELSEWHERE)
    expect(await sweep(options({ also: { id } }))).toEqual([
      {
        id,
        what: ['the realm theirs at https://keycloak.example'],
        left: [`a program with the number ${pid} of the machine db-7, which is ended there alone`],
      },
    ])
    expect(runs(pid)).toBe(true)
    expect(notes).toContain(`${cleanCommand(id)} ends the rest on db-7; where that machine is gone, delete ${folder}`)
    await moveTo(folder, here)
    await sweep(options({ also: { id } }))
    expect(runs(pid)).toBe(false)
  })

  it('keeps its containers too where nothing tells their engine from ours, as with Podman', async () => {
    const { id, folder } = await dead(`await lease.holds({ kind: 'containers' });${REALM}${KEEP}`)
    await moveTo(folder, ELSEWHERE)
    for (const also of ['kept', { id }] as const) {
      expect(await sweep(options({ also }))).toMatchObject([
        { id, left: ['its containers on the machine db-7, which are ended there alone'] },
      ])
    }
    expect(existsSync(folder)).toBe(true)
  })

  it('is told as of that machine where it may live, not as absent', async () => {
    const { id, folder } = await dead(REALM)
    await moveTo(folder, ELSEWHERE)
    const alone = [{ id, what: [], left: [], alone: 'belongs to another machine, db-7, and may run there' }]
    expect(await sweep(options({ also: { id } }))).toEqual(alone)
    expect(await sweep(options({ also: 'kept' }))).toEqual(alone)
    expect(await sweep(options({ also: { id: '20261123-120501-1k7vq0c8m2xha' } }))).toEqual([])
    expect(removed).toEqual([])
  })
})

describe('a rehearsal whose lease was deleted, as where /tmp is emptied by age', () => {
  it('is ended by its id as long as its folder is there: programs, servers and files', async () => {
    const { id, folder, pid } = await dead(`${SERVER}${PROGRAM}${KEEP}`)
    await rm(recordFile(folder))
    expect(await sweep(options())).toEqual([])
    expect(runs(pid)).toBe(true)
    expect(await sweep(options({ also: { id } }))).toEqual([
      { id, what: [`a program with the number ${pid}`, 'a PostgreSQL server', 'its files'], left: [] },
    ])
    expect(runs(pid)).toBe(false)
    expect(await readdir(root)).toEqual([])
  })

  it('is ended by its id also where its folder is gone', async () => {
    const { id, folder, pid } = await dead(`${PROGRAM}${KEEP}`)
    await rm(folder, { recursive: true })
    expect(await sweep(options({ also: 'kept' }))).toEqual([])
    expect(await sweep(options({ also: { id } }))).toEqual([
      { id, what: [`a program with the number ${pid}`], left: [] },
    ])
    expect(runs(pid)).toBe(false)
  })

  it('is left alone as long as it lives', async () => {
    const rehearsal = await rehearsalProcess(root, `${PROGRAM} tell({ folder: lease.folder, pid: program.child.pid })`)
    const { id, folder, pid } = rehearsal.told as unknown as Begun
    const record = await readRecord(folder)
    await rm(recordFile(folder))
    const swept = await sweep(options({ also: { id } }))
    const [lives, stays] = [runs(pid), existsSync(folder)]
    if (record !== undefined) await writeRecord(folder, record)
    await rehearsal.kill()
    expect(await comesTrue(() => !existsSync(folder))).toBe(true)
    expect(swept).toEqual([{ id, what: [], left: [], alone: 'is running' }])
    expect({ lives, stays }).toEqual({ lives: true, stays: true })
  })

  it('is nobody’s to be found by a name that is no rehearsal’s', async () => {
    expect(await sweep(options({ also: { id: '..' } }))).toEqual([])
    expect(existsSync(dirname(root))).toBe(true)
  })
})

describe('a rehearsal whose files are in another folder for temporary files', () => {
  const here = (): string => join(dirname(root), 'those-of-here')
  const elsewhere = (id: string, folder: string) => [
    { id, what: [], left: [], alone: expect.stringContaining(`has its files in ${folder}`) as unknown },
  ]

  it('is left to a clean-up there where a program of it says so', async () => {
    const { id, folder, pid } = await dead(`${PROGRAM}${KEEP}`)
    expect(await sweep(options({ root: here(), also: { id } }))).toEqual(elsewhere(id, folder))
    expect(runs(pid)).toBe(true)
    await sweep(options({ also: { id } }))
    expect(runs(pid)).toBe(false)
  })

  it('is left to a clean-up there where its PostgreSQL works in them', async () => {
    const { id, folder } = await dead(`${SERVER}${KEEP}`)
    expect(await sweep(options({ root: here(), also: { id } }))).toEqual(elsewhere(id, folder))
    expect(await sweep(options({ also: { id } }))).toEqual([{ id, what: ['a PostgreSQL server'], left: [] }])
  })

  it('is left to a clean-up there where a mark says so, its programs too', async () => {
    const { id, folder } = await dead(KEEP)
    const program = spawn('sleep', ['300'], {
      cwd: '/',
      env: { SYN2OP_REHEARSAL: id },
      stdio: 'ignore',
      detached: true,
    })
    onTestFinished(() => void program.kill('SIGKILL'))
    const mark: Mark = { id, folder, place: describePlace(), until: new Date(Date.now() + 3_600_000), kept: true }
    const asked = options({
      root: here(),
      also: { id },
      removeOrphanRealms: async (orphans) =>
        (await isOrphan(mark, orphans)) ? [{ id, what: 'the realm theirs' }] : [],
    })
    expect(await sweep(asked)).toEqual(elsewhere(id, folder))
    expect(runs(program.pid ?? 0)).toBe(true)
    await rm(folder, { recursive: true })
    expect((await sweep(asked)).flatMap(({ what }) => what)).toEqual(
      expect.arrayContaining([`a program with the number ${program.pid}`, 'the realm theirs']),
    )
    expect(runs(program.pid ?? 0)).toBe(false)
  })
})
