import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('acting-mas-cli.ts', import.meta.url))

/** A program that acts as `mas-cli`, as an administrator would name it: no MAS. @returns its path */
export const actingMasCli = async (folder: string): Promise<string> => {
  const file = join(folder, 'mas-cli')
  await writeFile(file, `#!/bin/sh\nexec '${process.execPath}' '${SCRIPT}' "$@"\n`, { mode: 0o755 })
  return file
}
