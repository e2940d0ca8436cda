import type { z } from 'zod'
import { didYouMean } from '../../errors/did-you-mean.ts'
import type { Problem } from '../../errors/syn2op-error.ts'
import type { Located } from './located.ts'

/** The value without its places; a null counts as absent, as in an empty section. */
export const plainValue = (value: Located): unknown => {
  if (value.kind === 'scalar') return value.value ?? undefined
  if (value.kind === 'list') return value.items.map(plainValue)
  return Object.fromEntries([...value.entries].map(([key, entry]) => [key, plainValue(entry)]))
}

/** What a schema found wrong, each with the place of the value at fault, or of the nearest section around it. */
export const schemaProblems = (
  { issues }: z.ZodError,
  root: Located | undefined,
  file: string,
): readonly Problem[] =>
  issues.flatMap((issue) => {
    const path = issue.path.map(String)
    if (issue.code !== 'unrecognized_keys') {
      return [{ message: `\`${path.join('.')}\`: ${issue.message}`, at: placeOf(root, path) ?? { file } }]
    }
    const siblings = 'keys' in issue ? knownKeys(issue) : []
    return issue.keys.map((key) => {
      const meant = didYouMean(key, siblings)
      const name = [...path, key].join('.')
      return {
        message: `\`${name}\` is no rule${meant === undefined ? '' : `; did you mean \`${meant}\`?`}`,
        at: placeOf(root, [...path, key]) ?? { file },
      }
    })
  })

/** The keys that the strict object at fault knows, where the issue carries its schema. */
const knownKeys = (issue: z.core.$ZodIssue): readonly string[] => {
  const schema: unknown = 'inst' in issue ? issue.inst : undefined
  const shape = typeof schema === 'object' && schema !== null && 'shape' in schema ? schema.shape : undefined
  return typeof shape === 'object' && shape !== null ? Object.keys(shape) : []
}

const placeOf = (root: Located | undefined, path: readonly string[]): Located['at'] | undefined => {
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
