import { z } from 'zod'
import { didYouMean } from '../../errors/did-you-mean.ts'
import type { Problem } from '../../errors/syn2op-error.ts'
import type { Located } from './located.ts'

/** The value without its places; a null counts as absent, as in an empty section. */
export const plainValue = (value: Located): unknown => {
  if (value.kind === 'scalar') return value.value ?? undefined
  if (value.kind === 'list') return value.items.map(plainValue)
  return Object.fromEntries([...value.entries].map(([key, entry]) => [key, plainValue(entry)]))
}

export interface CheckedValue {
  readonly schema: z.ZodType
  /** Absent when the file is empty. */
  readonly root: Located | undefined
  readonly file: string
}

/** What a schema found wrong, each with the place of the value at fault, or of the nearest section around it. */
export const schemaProblems = ({ issues }: z.ZodError, { schema, root, file }: CheckedValue): readonly Problem[] =>
  issues.flatMap(ofMeantShape).flatMap((issue) => {
    const path = issue.path.map(String)
    if (issue.code !== 'unrecognized_keys') {
      return [{ message: `\`${path.join('.')}\`: ${issue.message}`, at: placeOf(root, path) ?? { file } }]
    }
    const siblings = knownKeys(schema, path)
    return issue.keys.map((key) => {
      const meant = didYouMean(key, siblings)
      const name = [...path, key].join('.')
      return {
        message: `\`${name}\` is no rule${meant === undefined ? '' : `; did you mean \`${meant}\`?`}`,
        at: placeOf(root, [...path, key]) ?? { file },
      }
    })
  })

/** What may have several shapes is judged by the one that was begun: a text as a text, a section as a section. */
const ofMeantShape = (issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] => {
  if (issue.code !== 'invalid_union') return [issue]
  const meant = issue.errors.find((found) =>
    found.every(({ code, path }) => path.length > 0 || (code !== 'invalid_type' && code !== 'invalid_value')),
  )
  if (meant === undefined) return [issue]
  return meant.flatMap((one) => ofMeantShape({ ...one, path: [...issue.path, ...one.path] }))
}

/** The keys that the section at a path may have, as the JSON Schema tells them: an issue does not say. */
const knownKeys = (schema: z.ZodType, path: readonly string[]): readonly string[] => {
  let section: z.core.JSONSchema._JSONSchema | undefined = z.toJSONSchema(schema, { io: 'input' })
  for (const step of path) {
    const inner: z.core.JSONSchema._JSONSchema | readonly z.core.JSONSchema._JSONSchema[] | undefined =
      typeof section === 'object' ? (section.properties?.[step] ?? section.items) : undefined
    section = Array.isArray(inner) ? undefined : asSection(inner as z.core.JSONSchema._JSONSchema | undefined)
  }
  return typeof section === 'object' ? Object.keys(section.properties ?? {}) : []
}

/** Of several shapes the one that has keys. */
const asSection = (node: z.core.JSONSchema._JSONSchema | undefined): z.core.JSONSchema._JSONSchema | undefined =>
  typeof node !== 'object' || node.anyOf === undefined
    ? node
    : node.anyOf.find((one) => typeof one === 'object' && one.properties !== undefined)

/** Where the value at a path stands, or the nearest section around it; undefined in an empty file. */
export const placeOf = (root: Located | undefined, path: readonly string[]): Located['at'] | undefined => {
  let current = root
  let at = root?.at
  for (const step of path) {
    if (current?.kind === 'map') current = current.entries.get(step)
    else if (current?.kind === 'list') current = current.items[Number(step)]
    else current = undefined
    if (current === undefined) return at
    at = current.at
  }
  return at
}
