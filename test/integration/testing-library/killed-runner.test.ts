import { readdirSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sweep } from '../../../src/rehearsal/leases/sweep.ts'
import { comesTrue, leaseFolder, type RehearsalProcess, rehearsalProcess } from '../../support/rehearsal-process.ts'

let home: string
let root: string
beforeEach(async () => {
  home = dirname(await leaseFolder())
  root = join(home, `syn2op-rehearsals-${process.getuid?.() ?? 0}`)
})
afterEach(() => rm(home, { recursive: true, force: true }))

/** A test runner that stands still while somebody is being moved, on a PostgreSQL that its rehearsals share. */
const runner = (): Promise<RehearsalProcess> =>
  rehearsalProcess(
    join(home, 'unused'),
    `process.env.TMPDIR = ${JSON.stringify(home)}
    const { openRehearsals, syntheticHomeserver } = await import(${JSON.stringify(resolve('src/testing.ts'))})
    const rehearsals = await openRehearsals({ backends: { require: 'local' } })
    const note = (message) => {
      if (!message.startsWith('MAS: ')) return
      tell({})
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    }
    await rehearsals.rehearse({ people: syntheticHomeserver({ people: [{ localpart: 'alice' }] }), note })`,
  )

describe('a test runner that is killed during a rehearsal on services that several share', () => {
  it('leaves nothing: the rehearsal’s databases are gone with their server', async () => {
    const { kill } = await runner()
    expect(await readdir(root)).toHaveLength(2)
    await kill()
    expect(await comesTrue(() => readdirSync(root).length === 0)).toBe(true)
  })

  it('leaves nothing after the next sweep where the guards were killed too', async () => {
    const { killWithGuard } = await runner()
    await killWithGuard()
    expect(await readdir(root)).toHaveLength(2)
    const notes: string[] = []
    const swept = await sweep({ root, note: (message) => notes.push(message), signal: new AbortController().signal })
    expect(swept.flatMap(({ left }) => left)).toEqual([])
    expect(swept).toHaveLength(2)
    expect(await readdir(root)).toEqual([])
  })
})
