import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { dirname, isAbsolute, resolve } from 'node:path'
import type { Placed } from '../config/yaml/section.ts'
import type { HomeserverConfig } from './homeserver.ts'

export type UnreadableFile = HomeserverConfig['unreadable'][number]

/** A file that the configuration names: its text, or why it cannot be read here. */
export type NamedFile =
  | { readonly file: string; readonly text: string }
  | {
      readonly unreadable: UnreadableFile
      /** Something else stands there, such as a folder. */
      readonly isNoFile?: true
    }

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file here',
  EACCES: 'this user may not read it',
}

/**
 * Synapse takes a relative name from its own working folder, which nobody else knows: here it is taken from the folder of
 * the file that names it, and when nothing is there, from our own working folder.
 */
const locate = ({ value, at }: Placed<string>): string => {
  if (isAbsolute(value)) return value
  const beside = resolve(dirname(at.file), value)
  const fromHere = resolve(value)
  return !existsSync(beside) && existsSync(fromHere) ? fromHere : beside
}

/** @param key which names the file, for the reader of a message. */
export const readNamedFile = async (named: Placed<string>, key: string): Promise<NamedFile> => {
  const file = locate(named)
  try {
    // A pipe would be waited for.
    const found = await stat(file)
    const why = found.isDirectory() ? 'it is a folder' : 'it is no file'
    if (!found.isFile()) return { unreadable: { file, key, why }, isNoFile: true }
    return { file, text: await readFile(file, 'utf8') }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    return { unreadable: { file, key, why: WHY[code] ?? code } }
  }
}
