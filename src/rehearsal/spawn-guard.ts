import { spawn } from 'node:child_process'

export interface Guard {
  /** Closes its standard input, as our end does. */
  release(): void
  /** It is not needed any more, and does nothing. */
  dismiss(): void
}

/**
 * Starts a process of its own that outlives us by a moment: our end, whatever its cause, closes its standard input. It keeps us from
 * nothing; where it cannot be started, the next sweep does its work.
 */
export const spawnGuard = (program: string, args: readonly string[], env: NodeJS.ProcessEnv): Guard => {
  const guard = spawn(program, args, { env, stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  guard.on('error', () => {})
  guard.unref()
  const pipe = guard.stdin as typeof guard.stdin & { unref?(): void }
  pipe.on('error', () => {})
  pipe.unref?.()
  return { release: () => void pipe.end(), dismiss: () => void guard.kill('SIGKILL') }
}
