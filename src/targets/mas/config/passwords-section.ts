import type { Section } from '../../../config/yaml/section.ts'
import type { MasPasswordScheme } from './mas-config.ts'
import { oneOfTextOrFile, readNamedFile } from './named-files.ts'

const ALGORITHMS = ['bcrypt', 'argon2id', 'pbkdf2'] as const
const MAX_VERSION = 65_535

export interface MasPasswords {
  readonly enabled: boolean
  readonly schemes: readonly MasPasswordScheme[]
}

/** What MAS uses when `passwords.schemes` is absent. */
const DEFAULT_SCHEMES: readonly MasPasswordScheme[] = [
  { version: 1, algorithm: 'argon2id', unicodeNormalization: false },
]

/** MAS takes a `secret_file` byte for byte: a line break at its end is part of the secret. */
const readSecret = async (section: Section): Promise<Uint8Array | undefined> => {
  const { text, file } = oneOfTextOrFile(section, 'secret')
  if (text || !file) return text && new TextEncoder().encode(text.value)
  return readNamedFile(section, 'secret_file', file)
}

const readScheme = async (section: Section): Promise<MasPasswordScheme | undefined> => {
  const version = section.integer('version', { min: 0, max: MAX_VERSION })
  const given = section.text('algorithm')
  const algorithm = ALGORITHMS.find((candidate) => candidate === given?.value)
  const unicodeNormalization = section.boolean('unicode_normalization')?.value ?? false
  const secret = await readSecret(section)
  if (!section.has('version')) section.problem(`\`${section.path}.version\` is missing`)
  if (!section.has('algorithm')) section.problem(`\`${section.path}.algorithm\` is missing`)
  else if (given && !algorithm) {
    section.problem(`\`${section.path}.algorithm\` must be one of ${ALGORITHMS.join(', ')}`, { key: 'algorithm' })
  }
  if (!version || !algorithm) return undefined
  return { version: version.value, algorithm, unicodeNormalization, ...(secret ? { secret } : {}) }
}

/** MAS's `passwords` section, with the content of every `secret_file`. Wrong schemes are left out and reported. */
export const readPasswords = async (section: Section): Promise<MasPasswords> => {
  const enabled = section.boolean('enabled')?.value ?? true
  const sections = section.sections('schemes')
  if (sections === undefined) return { enabled, schemes: DEFAULT_SCHEMES }

  const schemes: MasPasswordScheme[] = []
  for (const [index, entry] of sections.entries()) {
    const scheme = await readScheme(entry)
    if (!scheme) continue
    if (schemes.some(({ version }) => version === scheme.version)) {
      section.problem(`\`${section.path}.schemes[${index}]\` has version ${scheme.version}, as an earlier one has`, {
        key: 'schemes',
        remedy: 'Give every scheme a version of its own (also when several files are merged: their lists are joined).',
      })
    }
    schemes.push(scheme)
  }
  if (enabled && sections.length === 0) {
    section.problem(`\`${section.path}.schemes\` is empty`, {
      key: 'schemes',
      remedy: 'Name one scheme, or leave the key out.',
    })
  }
  return { enabled, schemes }
}
