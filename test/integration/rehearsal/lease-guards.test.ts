import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { comesTrue, leaseFolder, rehearsalProcess, runs } from '../../support/rehearsal-process.ts'

let root: string
beforeAll(async () => {
  root = await leaseFolder()
})
afterAll(() => rm(dirname(root), { recursive: true, force: true }))

const PROGRAM = `
  const { startProgram } = await load('leases/start-program.ts')
  const program = await startProgram(lease, 'sleep', ['300'], { output: 'ignore', env: process.env })`

describe('the guards of several rehearsals in one process', () => {
  it('go with their leases', async () => {
    const rehearsals = await rehearsalProcess(
      root,
      `await lease.end()
      for (let i = 0; i < 3; i++) await (await takeLease({ root: ${JSON.stringify(root)} })).end()
      tell({})`,
    )
    const gone = await comesTrue(() => rehearsals.guards().length === 0)
    await rehearsals.kill()
    expect(gone).toBe(true)
  })

  it('go where they have nothing to do any more, since the rehearsal is kept', async () => {
    const kept = await rehearsalProcess(root, 'await lease.keep(); tell({ folder: lease.folder })')
    const gone = await comesTrue(() => kept.guards().length === 0)
    await kept.kill()
    expect(gone).toBe(true)
    expect(existsSync(String(kept.told['folder']))).toBe(true)
  })

  it('stay as long as something is left of a rehearsal, and end it after us', async () => {
    const rehearsal = await rehearsalProcess(root, `${PROGRAM}; await lease.end(); tell({ pid: program.child.pid })`)
    const pid = Number(rehearsal.told['pid'])
    expect(rehearsal.guards()).toHaveLength(1)
    await rehearsal.kill()
    expect(await comesTrue(() => !existsSync(join(root, String(rehearsal.told['id']))))).toBe(true)
    expect(runs(pid)).toBe(false)
  })
})
