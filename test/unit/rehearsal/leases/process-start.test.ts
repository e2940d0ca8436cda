import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { processStart, readStart } from '../../../../src/rehearsal/leases/process-start.ts'

describe('the start of a process', () => {
  it('is the same each time, and another for another process', async () => {
    const child = spawn('sleep', ['60'])
    await once(child, 'spawn')
    const pid = child.pid ?? 0
    expect(processStart(process.pid)).toBe(processStart(process.pid))
    expect(processStart(pid)).toEqual(expect.any(String))
    expect(processStart(pid)).not.toBe(processStart(process.pid))
    child.kill()
    await once(child, 'exit')
    expect(processStart(pid)).toBeUndefined()
  })

  it('is read from what ps says on other systems', () => {
    expect(readStart('Ss   Mon Nov 23 11:51:55 2026    \n')).toBe('Mon Nov 23 11:51:55 2026')
    expect(readStart('Z    Mon Nov 23 11:51:55 2026\n')).toBeUndefined()
    expect(readStart('')).toBeUndefined()
  })
})
