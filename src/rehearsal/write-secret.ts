import { open } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Writes a file that only its owner can read, in place of one that was there.
 * @returns its path
 */
export const writeSecret = async (folder: string, name: string, text: string): Promise<string> => {
  const path = join(folder, name)
  const file = await open(path, 'w', 0o600)
  try {
    // One that was there may have had another mode.
    await file.chmod(0o600)
    await file.writeFile(text)
  } finally {
    await file.close()
  }
  return path
}
