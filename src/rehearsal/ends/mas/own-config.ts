import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Located } from '../../../config/yaml/located.ts'
import { parseLocated } from '../../../config/yaml/parse-located.ts'
import { mergeAsMas } from '../../../targets/mas/config/merge-files.ts'
import { locateNamedFile } from '../../../targets/mas/config/named-files.ts'

/** A configuration of MAS as YAML gives it: maps by their keys. */
export type MasYaml = Readonly<Record<string, unknown>>

export const isMap = (value: unknown): value is MasYaml =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The section of this name; empty where there is none. */
export const sectionOf = (yaml: MasYaml, name: string): MasYaml => {
  const found = new Map(Object.entries(yaml)).get(name)
  return isMap(found) ? found : {}
}

/** Keys of sections that name a file or a folder, by which MAS finds its own parts. */
const PLACES: ReadonlySet<string> = new Set([
  'templates.path',
  'templates.assets_manifest',
  'templates.translations_path',
  'policy.wasm_module',
])

/** A key that names a file with what could stand there itself. Source: MAS's configuration, its `…_file` keys. */
const isNamed = (key: string): boolean => key.endsWith('_file')

const plain = (value: Located, path: readonly string[]): unknown => {
  if (value.kind === 'list') return value.items.map((item) => plain(item, path))
  if (value.kind === 'map') {
    return Object.fromEntries([...value.entries].map(([key, entry]) => [key, plain(entry, [...path, key])]))
  }
  const { value: scalar, at } = value
  if (typeof scalar !== 'string') return scalar ?? undefined
  if (isNamed(path.at(-1) ?? '')) return locateNamedFile({ value: scalar, at })
  return PLACES.has(path.join('.')) ? resolve(dirname(at.file), scalar) : scalar
}

/**
 * The administrator's own files, merged as MAS merges them; names of files in them are absolute, since what is made of it lies elsewhere.
 * The files have been read without a problem before.
 */
export const readOwnConfig = async (files: readonly string[]): Promise<MasYaml> => {
  let merged: Located | undefined
  for (const file of files) {
    const { value } = parseLocated(await readFile(file, 'utf8'), file)
    if (value !== undefined) merged = merged === undefined ? value : mergeAsMas(merged, value)
  }
  const yaml = merged === undefined ? {} : plain(merged, [])
  return isMap(yaml) ? yaml : {}
}

/** Files with secrets that a configuration names. */
export const namedFiles = (yaml: MasYaml): readonly string[] => {
  const found: string[] = []
  const look = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) look(item)
    } else if (isMap(value)) {
      for (const [key, entry] of Object.entries(value)) {
        if (isNamed(key) && typeof entry === 'string') found.push(entry)
        else look(entry)
      }
    }
  }
  look(yaml)
  return [...new Set(found)]
}
