import { spawn } from 'node:child_process'

/** Ends a group of processes, and deletes a folder with its secrets, as soon as its standard input is closed. */
const END_WITH_US = 'read -r _; kill -s KILL -- "-$1"; rm -rf -- "$2"'

/** Ends a group of processes at once when we end, whatever ends us. */
export interface GroupGuard {
  /** The group is ended, or goes on without us. */
  dismiss(): void
}

/** @param folder goes with the group */
export const guardGroup = (leader: number, folder: string): GroupGuard => {
  const guard = spawn('/bin/sh', ['-c', END_WITH_US, 'guard', String(leader), folder], {
    env: { PATH: process.env['PATH'] },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  // Without it a sweep ends the group.
  guard.on('error', () => {})
  guard.unref()
  const pipe = guard.stdin as typeof guard.stdin & { unref?(): void }
  pipe.on('error', () => {})
  pipe.unref?.()
  return { dismiss: () => void guard.kill('SIGKILL') }
}
