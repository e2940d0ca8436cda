import { readFileSync } from 'node:fs'

/** syn2op's own version, from its package.json. */
export const syn2opVersion = (): string => {
  const file: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return typeof file === 'object' && file !== null && 'version' in file ? String(file.version) : 'unknown'
}
