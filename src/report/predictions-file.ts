import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { SyncDeletion } from './proof-parts.ts'

/** A list that is written row by row. */
export interface PredictionsFile {
  write(deletion: SyncDeletion): Promise<void>
  /** Puts the whole list in its place. */
  finish(): Promise<void>
  /** Leaves no half of a list; nothing after `finish`. */
  abandon(): Promise<void>
}

/** Rows are gathered up to this many characters before they are written. */
const GATHERED = 64 * 1024

const COLUMNS = ['mxid', 'what', 'name', 'reason'] as const

/**
 * Begins a CSV file (RFC 4180) of what a sync would delete. Readers see the old file or the whole new one; only its
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
    async write(deletion) {
      gathered += `${COLUMNS.map((column) => cell(deletion[column])).join(',')}\r\n`
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

/** A device may be called `=1+1`: a spreadsheet must not take it for a formula. Hence the apostrophe. */
const cell = (text: string): string => {
  const safe = /^[=+\-@\t\r]/u.test(text) && !/^@[^:]+:/u.test(text) ? `'${text}` : text
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
