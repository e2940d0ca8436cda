import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../unit/golden/', import.meta.url))

/**
 * The text that was looked at and kept in test/unit/golden, to be compared with the one of today.
 * `UPDATE_GOLDEN=1` writes the one of today; look at the difference before it is committed.
 */
export const golden = (file: string, actual: string): string => {
  const path = FOLDER + file
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(FOLDER, { recursive: true })
    writeFileSync(path, actual)
  }
  return readFileSync(path, 'utf8')
}
