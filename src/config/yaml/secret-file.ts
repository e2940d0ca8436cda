import type { Stats } from 'node:fs'
import { access, constants, open, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Section } from './section.ts'

/** Bits of a file's mode by which others than its owner could read it. */
const OTHERS = 0o077

/**
 * Whether others may read a file though we could change that: like ssh we do not judge files of somebody else's, nor those that
 * cannot be changed, as Docker and Kubernetes mount secrets.
 */
const isOpen = async (path: string, { mode, uid }: Stats): Promise<boolean> => {
  if (process.getuid === undefined || uid !== process.getuid() || (mode & OTHERS) === 0) return false
  const refusal: unknown = await access(path, constants.W_OK).catch((error: unknown) => error)
  return !(refusal instanceof Error && 'code' in refusal && refusal.code === 'EROFS')
}

/** In bytes. */
const LARGEST = 100_000

/**
 * The text of the file that a key names, without the white space around it: a secret. A relative name is taken from the
 * folder of the file that names it; a pipe, such as /dev/stdin, is read to its end. Undefined, and a problem of the section, when it cannot be read, is empty, or others may read it.
 */
export const readSecretFile = async (section: Section, key: string): Promise<string | undefined> => {
  const named = section.text(key)
  if (named === undefined) return undefined
  const path = resolve(dirname(named.at.file), named.value)
  const complain = (what: string, remedy: string): undefined => {
    section.problem(`\`${section.path}.${key}\`: ${what}`, { key, remedy })
    return undefined
  }
  const handle = await open(path).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    return complain(`the file ${path} cannot be read (${code})`, `Let this user read ${path}, or correct its name.`)
  })
  if (handle === undefined) return undefined
  try {
    const found = await handle.stat()
    if (!(found.isFile() || found.isFIFO()) || found.size > LARGEST) {
      return complain(`${path} is no file with a secret`, 'Correct its name.')
    }
    if (await isOpen(path, found)) {
      return complain(`others may read ${path}, which holds a secret`, `Take that away: chmod 600 ${path}`)
    }
    const text = (await handle.readFile('utf8')).trim()
    return text === '' ? complain(`the file ${path} is empty`, 'Put the secret into it.') : text
  } finally {
    await handle.close()
  }
}

/** A problem of the section where `key` is a secret that stands in a file which others may read. */
export const keepToOneself = async (section: Section, key: string): Promise<void> => {
  const file = section.text(key)?.at.file
  if (file === undefined) return
  const found = await stat(file).catch(() => undefined)
  if (found === undefined || !(await isOpen(file, found))) return
  section.problem(`others may read ${file}, which holds a secret`, {
    key,
    remedy: `Take that away: chmod 600 ${file}`,
  })
}

/** A secret that stands in `key`, or in the file that `<key>_file` names. */
export const readSecret = async (section: Section, key: string): Promise<string | undefined> => {
  const inFile = `${key}_file`
  if (section.has(key) && section.has(inFile)) {
    section.problem(`\`${section.path}\` has both \`${key}\` and \`${inFile}\``, {
      key: inFile,
      remedy: 'Keep one of them.',
    })
    return undefined
  }
  const text = section.text(key)?.value
  if (text === '') section.problem(`\`${section.path}.${key}\` is empty`, { key })
  return text ?? (await readSecretFile(section, inFile))
}
