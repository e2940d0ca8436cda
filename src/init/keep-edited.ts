import { constants, copyFile, readFile } from 'node:fs/promises'

/**
 * Copies what a file holds, where that is not what will be written: somebody may have edited it. No copy is written over.
 * @returns the copy's path; undefined: there is nothing to lose.
 */
export const keepEdited = async (file: string, text: string): Promise<string | undefined> => {
  const held = await readFile(file, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  })
  if (held === undefined || held === text) return undefined
  for (let number = 1; ; number++) {
    const copy = `${file}${number === 1 ? '' : `.${number}`}.bak`
    try {
      await copyFile(file, copy, constants.COPYFILE_EXCL)
      return copy
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error
    }
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
