import { execFileSync } from 'node:child_process'
import { platform } from 'node:os'
import { processMark } from '../../migration/runs/process-mark.ts'

/**
 * What tells a process from another one that has its number later: on Linux the machine's boot and the moment of the start, elsewhere
 * the time of the start as `ps` says it. Undefined: there is no such process, or it has ended and nobody has asked how.
 * Source: ps(1) of macOS and the BSDs, keywords lstart and stat (Z: a zombie).
 */
export const processStart = (pid: number): string | undefined => {
  if (platform() === 'linux') return processMark(pid)
  try {
    const said = execFileSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return readStart(said)
  } catch {
    return undefined
  }
}

/** The start in a line such as `Ss   Mon Nov 23 11:51:55 2026`. */
export const readStart = (said: string): string | undefined => {
  const [state = '', ...start] = said.trim().split(/\s+/u)
  return start.length === 0 || state.startsWith('Z') ? undefined : start.join(' ')
}
