import { Syn2opError } from '../errors/syn2op-error.ts'

/**
 * Rehearsals end what they begin by the means of a POSIX system: its shell, its signals to groups of processes, `ps`.
 * @throws Syn2opError usage on Windows
 */
export const refuseWindows = (): void => {
  if (process.platform !== 'win32') return
  throw new Syn2opError('usage', 'Rehearsals need Linux or macOS', {
    next: ['On Windows use WSL, the Windows Subsystem for Linux: run syn2op rehearse in it.'],
  })
}
