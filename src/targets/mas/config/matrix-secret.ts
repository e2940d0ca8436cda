import { readFile } from 'node:fs/promises'
import type { Section } from '../../../config/yaml/section.ts'
import { locateNamedFile } from './named-files.ts'

/**
 * What MAS and Synapse know each other by, without the white space around it. No row depends on it: where its file is not
 * here, it is not known, which is no mistake.
 */
export const readMatrixSecret = async (matrix: Section): Promise<string | undefined> => {
  const text = matrix.text('secret')
  const file = matrix.text('secret_file')
  if (text !== undefined || file === undefined) return text?.value.trim()
  return readFile(locateNamedFile(file), 'utf8').then(
    (content) => content.trim(),
    () => undefined,
  )
}
