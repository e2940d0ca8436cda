import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { PredictedRow } from '../accounts/predictions.ts'
import { guarded } from './csv/guarded.ts'

/** A list that is written row by row. */
export interface PredictionsFile {
  write(prediction: PredictedRow): Promise<void>
  /** Puts the whole list in its place. */
  finish(): Promise<void>
  /** Leaves no half of a list; nothing after `finish`. */
  abandon(): Promise<void>
}

/** Rows are gathered up to this many characters before they are written. */
const GATHERED = 64 * 1024

const COLUMNS = ['mxid', 'device_id', 'what', 'reason', 'name'] as const

/**
 * Begins a CSV file (RFC 4180) of what will be different for people. `name` is the e-mail address, or Synapse’s name of
 * the SSO provider, where it is about one; `device_id` is empty for a device of no name and for none. Readers see the old file or the whole new one; only its
 * owner reads it, since it names people and their addresses.
 */
export const openPredictions = async (file: string): Promise<PredictionsFile> => {
  const draft = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}`)
  const handle = await open(draft, 'wx', 0o600)
  let gathered = `${COLUMNS.join(',')}\r\n`
  let ended = false
  const flush = async (): Promise<void> => {
    const text = gathered
    gathered = ''
    await handle.writeFile(text, 'utf8')
  }
  return {
    async write({ mxid, deviceId, what, reason, name }) {
      gathered += `${[mxid, deviceId ?? '', what, reason, name ?? ''].map(cell).join(',')}\r\n`
      if (gathered.length > GATHERED) await flush()
    },
    async finish() {
      await flush()
      await handle.sync()
      await handle.close()
      await rename(draft, file)
      ended = true
    },
    async abandon() {
      if (ended) return
      await handle.close().catch(() => {})
      await rm(draft, { force: true })
    },
  }
}

/** Quoted here and not by a library: the list can have millions of rows. */
const cell = (text: string): string => {
  const safe = guarded(text)
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
