import path from 'node:path'
import { didYouMean } from '../errors/did-you-mean.ts'
import type { Problem } from '../errors/syn2op-error.ts'
import type { GivenValue, GivenValues } from './given-value.ts'
import { rulesOf, SETTING_KEYS } from './settings.ts'

import type { Located, LocatedMap } from './yaml/located.ts'
import { parseLocated } from './yaml/parse-located.ts'

export interface SettingsFile {
  readonly values: GivenValues
  /** Files that hold a secret, by the setting that names them. */
  readonly secretFiles: GivenValues
  readonly problems: readonly Problem[]
}

const SECRET_FILE_KEYS = SETTING_KEYS.filter((key) => rulesOf(key).secret === true).map((key) => `${key}File`)
const KNOWN_KEYS: readonly string[] = [...SETTING_KEYS, ...SECRET_FILE_KEYS]
const SECTIONS = new Set(SETTING_KEYS.filter((key) => key.includes('.')).map((key) => key.split('.', 1)[0] ?? ''))

const plain = (value: Located): unknown => {
  if (value.kind === 'scalar') return value.value ?? undefined
  if (value.kind === 'list') return value.items.map((item) => plain(item))
  return Object.fromEntries([...value.entries].map(([key, entry]) => [key, plain(entry)]))
}

const isAbsent = (value: Located): boolean => value.kind === 'scalar' && value.value === null

interface Entry {
  readonly key: string
  readonly value: Located
}

/** The file's entries under dotted keys; a section that is no map is a problem. */
const flatten = (root: LocatedMap, problems: Problem[]): readonly Entry[] =>
  [...root.entries].flatMap(([key, value]): readonly Entry[] => {
    if (!SECTIONS.has(key)) return [{ key, value }]
    if (isAbsent(value)) return []
    if (value.kind === 'map')
      return [...value.entries].map(([inner, each]) => ({ key: `${key}.${inner}`, value: each }))
    problems.push({ message: `\`${key}\` must be a map of keys and values`, at: value.at })
    return []
  })

const unknownKey = ({ key, value }: Entry): Problem => {
  const meant = didYouMean(key, [...KNOWN_KEYS, ...SECTIONS])
  return {
    message: `\`${key}\` is no setting${meant === undefined ? '' : `; did you mean \`${meant}\`?`}`,
    at: value.at,
  }
}

/** Reads the text of syn2op.yaml. Problems come with their places; values are checked later, where all origins meet. */
export const parseSettingsFile = (text: string, file: string): SettingsFile => {
  const { value: root, problems: syntax } = parseLocated(text, file)
  const problems: Problem[] = [...syntax]
  const values: GivenValues = {}
  const secretFiles: GivenValues = {}
  if (root === undefined || isAbsent(root)) return { values, secretFiles, problems }
  if (root.kind !== 'map') {
    problems.push({ message: 'the file must be a map of keys and values', at: root.at })
    return { values, secretFiles, problems }
  }
  const folder = path.dirname(file)
  for (const entry of flatten(root, problems)) {
    if (isAbsent(entry.value)) continue
    const { at } = entry.value
    const given: GivenValue = { raw: plain(entry.value), origin: `${file}:${at.line}`, at, folder }
    const key = SETTING_KEYS.find((each) => each === entry.key || `${each}File` === entry.key)
    if (key === undefined || !KNOWN_KEYS.includes(entry.key)) problems.push(unknownKey(entry))
    else if (key === entry.key) values[key] = given
    else secretFiles[key] = given
  }
  return { values, secretFiles, problems }
}
