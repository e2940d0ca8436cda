import { FINDINGS, type FindingCode, finding } from '../../findings/catalogue.ts'
import type { Finding } from '../../findings/finding.ts'
import type { ChosenRoad } from '../choose-road.ts'
import type { Purpose } from '../prepare.ts'
import type { BackupSeen } from './backup.ts'

const HOUR_MS = 3_600_000

/** Older than this, what people did since would be lost with it. */
const RECENT_MS = 24 * HOUR_MS

/** A clock may be ahead of ours by so much. */
const AHEAD_MS = 5 * 60_000

/**
 * Whether a run asks for a backup. It is asked for beside people and at the cut-over; a load into an empty target is taken
 * back by emptying it, and so is an online copy. A resumed run asked when it began: a backup of what it has left half
 * done helps nobody.
 */
export const backupNeeded = (purpose: Purpose, road: ChosenRoad | undefined): 'needed' | 'advised' | 'not needed' => {
  if (purpose === 'verify' || road?.resumes !== undefined) return 'not needed'
  switch (road?.kind) {
    case 'merge':
    case 'final':
      return 'needed'
    case 'online':
      return purpose === 'look' ? 'advised' : 'not needed'
    case 'load':
    case undefined:
      return 'advised'
  }
}

/** @param now milliseconds since 1970. */
export const judgeBackup = (seen: BackupSeen, need: 'needed' | 'advised', now: number): readonly Finding[] => {
  const message = complaint(seen, now)
  if (message === undefined) return []
  const code: FindingCode = need === 'needed' ? 'NO_BACKUP' : 'BACKUP_ADVISED'
  return [finding(code, { message, remedy: [FINDINGS[code].remedy] })]
}

const complaint = (seen: BackupSeen, now: number): string | undefined => {
  switch (seen.state) {
    case 'not said':
      return 'Nobody has said where a backup is'
    case 'not there':
      return `There is no backup at ${seen.file}`
    case 'empty':
      return `The backup at ${seen.file} is empty`
    case 'closed to us':
      return `The backup at ${seen.file} cannot be looked at: ${seen.why}`
    case 'made': {
      const age = now - seen.at
      if (age >= -AHEAD_MS && age <= RECENT_MS) return undefined
      const backup = `The backup${seen.file === undefined ? '' : ` at ${seen.file}`}`
      const at = new Date(seen.at).toISOString()
      return age < 0
        ? `${backup} is said to be made in the future, at ${at}: the time is wrong, or a clock is`
        : `${backup} is ${ageOf(age)} old: it was made at ${at}`
    }
  }
}

const ageOf = (age: number): string => {
  const hours = Math.floor(age / HOUR_MS)
  return hours < 72 ? `${hours} hours` : `${Math.floor(hours / 24).toLocaleString('en')} days`
}
