import { basename, dirname } from 'node:path'
import { shellWord } from '../../report/resume-command.ts'
import type { Swept } from './sweep.ts'

/** A rehearsal that is asked for, and of which nothing is touched. */
export const leftAlone = (id: string, alone: string): Swept => ({ id, what: [], left: [], alone })

/** Why nothing of a rehearsal is touched, in words that follow its name. */
export const RUNS = 'is running'
export const UNSEEN = 'has lost its files and may be running, which this system does not show'

/** @param folder of a lease that is not among those that we look at: another folder for temporary files was named as it was taken */
export const filesIn = (folder: string): string => {
  const temporary = shellWord(dirname(dirname(folder)))
  return `has its files in ${folder}, and is ended by TMPDIR=${temporary} syn2op rehearse --clean ${basename(folder)}`
}
