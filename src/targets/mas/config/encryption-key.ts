import type { Section } from '../../../config/yaml/section.ts'
import { oneOfTextOrFile, readNamedFile } from './named-files.ts'

const KEY = /^[0-9a-f]{64}$/i
const REMEDY =
  'It is 64 hexadecimal digits (32 bytes), in quotes and with nothing around them; `openssl rand -hex 32` makes one.'

/**
 * MAS's `secrets.encryption`, or the content of `secrets.encryption_file`: 32 bytes in hexadecimal digits. Like MAS, no
 * blank or line break around the digits is taken. Undefined, and a problem, when it is missing or wrong.
 */
export const readEncryptionKey = async (section: Section): Promise<Uint8Array | undefined> => {
  const { text, file } = oneOfTextOrFile(section, 'encryption')
  if (!section.has('encryption') && !section.has('encryption_file')) {
    section.problem('`secrets.encryption` (or `secrets.encryption_file`) is missing', { remedy: REMEDY })
    return undefined
  }
  const content = !text && file ? await readNamedFile(section, 'encryption_file', file) : undefined
  const digits = text?.value ?? (content && new TextDecoder().decode(content))
  if (digits === undefined) return undefined
  if (KEY.test(digits)) return Uint8Array.from(Buffer.from(digits, 'hex'))
  const key = text ? 'encryption' : 'encryption_file'
  const lineBreak = KEY.test(digits.trim()) && key === 'encryption_file'
  section.problem(
    lineBreak
      ? '`secrets.encryption_file`: the file has a blank or line break around its digits, which MAS refuses'
      : `\`secrets.${key}\` is not 64 hexadecimal digits`,
    { key, remedy: REMEDY },
  )
  return undefined
}
