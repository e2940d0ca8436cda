import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, resolve } from 'node:path'
import type { Placed, Section } from '../../../config/yaml/section.ts'

/**
 * The file that a configuration names. MAS takes a relative name from its own working directory, which nobody else
 * knows: here it is taken from the folder of the configuration file that names it, where MAS usually runs, and when nothing
 * is there, from our own working directory.
 */
export const locateNamedFile = ({ value, at }: Placed<string>): string => {
  if (isAbsolute(value)) return value
  const besideConfig = resolve(dirname(at.file), value)
  const fromHere = resolve(value)
  return !existsSync(besideConfig) && existsSync(fromHere) ? fromHere : besideConfig
}

/** The bytes of the file that `key` names. Undefined, and a problem of the section, when it cannot be read. */
export const readNamedFile = async (
  section: Section,
  key: string,
  named: Placed<string>,
): Promise<Uint8Array | undefined> => {
  const path = locateNamedFile(named)
  try {
    return await readFile(path)
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    section.problem(`\`${section.path}.${key}\`: the file ${path} cannot be read (${reason})`, {
      key,
      remedy: `Give this user the right to read ${path}, or correct its name.`,
    })
    return undefined
  }
}

/** A text that stands in `key`, or in the file that `<key>_file` names. Both at once are a problem, as they are for MAS. */
export const oneOfTextOrFile = (
  section: Section,
  key: string,
): { readonly text?: Placed<string>; readonly file?: Placed<string> } => {
  const text = section.text(key)
  const file = section.text(`${key}_file`)
  if (text && file) {
    section.problem(`\`${section.path}\` has both \`${key}\` and \`${key}_file\``, {
      key: `${key}_file`,
      remedy: 'Keep one of them: MAS refuses both.',
    })
  }
  return { ...(text ? { text } : {}), ...(file ? { file } : {}) }
}
