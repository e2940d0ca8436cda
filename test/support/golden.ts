import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const FOLDER = fileURLToPath(new URL('../unit/golden/', import.meta.url))

/**
 * Compares a text with the one that was looked at and kept in test/unit/golden.
 * `UPDATE_GOLDEN=1` writes what is there now; look at the difference before it is committed.
 */
export const expectGolden = (file: string, actual: string): void => {
  const path = FOLDER + file
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(FOLDER, { recursive: true })
    writeFileSync(path, actual)
  }
  expect(actual).toBe(readFileSync(path, 'utf8'))
}
