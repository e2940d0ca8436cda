import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { hostname } from 'node:os'
import { afterAll, describe, expect, it } from 'vitest'
import { diedWithMachine, processLives } from '../../../../src/migration/runs/process-lives.ts'
import { processMark } from '../../../../src/migration/runs/process-mark.ts'

const host = hostname()
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])

afterAll(() => {
  child.kill()
})

const marked = (pid: number) => {
  const mark = processMark(pid)
  return { host, pid, ...(mark === undefined ? {} : { mark }) }
}

describe('whether the process of a run lives', () => {
  it('while it does, and not once it ended', async () => {
    const run = marked(child.pid ?? 0)
    expect(processLives(run)).toBe(true)
    expect(processLives({ ...run, host: 'another' })).toBe(false)
    child.kill()
    await once(child, 'exit')
    expect(processLives(run)).toBe(false)
  })

  it('not where another process has its number by now', () => {
    expect(processLives({ host, pid: process.pid, mark: 'before the last boot/77' })).toBe(false)
  })

  it.runIf(process.platform === 'linux')('not where the machine was started anew since, whoever says so', () => {
    expect(diedWithMachine({ host, mark: 'before the last boot/77' })).toBe(true)
    expect(diedWithMachine(marked(process.pid))).toBe(false)
    // It may have died all the same; and of another machine nothing is known.
    expect(diedWithMachine({ host })).toBe(false)
    expect(diedWithMachine({ host: 'another', mark: 'before the last boot/77' })).toBe(false)
  })

  it('not where nothing is known but the number, and this is our own', () => {
    expect(processLives({ host, pid: process.pid })).toBe(false)
    expect(processLives({ host, pid: process.ppid })).toBe(true)
  })

  it.runIf(process.platform === 'linux')('of ourselves, where the system tells us from all others', () => {
    expect(processLives(marked(process.pid))).toBe(true)
  })
})
