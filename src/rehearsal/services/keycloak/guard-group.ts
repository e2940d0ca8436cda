import { type Guard, spawnGuard } from '../../spawn-guard.ts'

/** Ends a group of processes, and deletes a folder with its secrets, as soon as its standard input is closed. */
const END_WITH_US = 'read -r _; kill -s KILL -- "-$1"; rm -rf -- "$2"'

/**
 * Ends a group of processes at once when we end, whatever ends us.
 * @param folder goes with the group
 */
export const guardGroup = (leader: number, folder: string): Pick<Guard, 'dismiss'> =>
  spawnGuard('/bin/sh', ['-c', END_WITH_US, 'guard', String(leader), folder], { PATH: process.env['PATH'] })
