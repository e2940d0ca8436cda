import type { Target } from '../targets/target.ts'
import type { TargetDefinition } from '../targets/target-definition.ts'

type Kind = 'function' | 'text' | 'list' | 'count'

const KINDS: Readonly<Record<Kind, { readonly words: string; readonly holds: (value: unknown) => boolean }>> = {
  function: { words: 'a function', holds: (value) => typeof value === 'function' },
  text: { words: 'a text that is not empty', holds: (value) => typeof value === 'string' && value !== '' },
  list: { words: 'a list', holds: Array.isArray },
  count: { words: 'a whole number from 1', holds: (value) => Number.isSafeInteger(value) && Number(value) > 0 },
}

/** What stands in the way of taking a value for a definition; nothing where it is one. */
export const definitionProblems = (value: unknown): readonly string[] => {
  if (value === undefined) return ['there is no export `target`']
  const problems = shapeProblems(value, { name: 'text', open: 'function' })
  const version = fieldOf(value, 'apiVersion')
  return version === 1
    ? problems
    : [
        ...problems,
        `\`apiVersion\` must be 1, the version of the interface that this syn2op has; it is ${told(version)}`,
      ]
}

/** The same of what a definition's `open` gave. */
export const targetProblems = (value: unknown): readonly string[] => [
  ...shapeProblems(value, {
    name: 'text',
    providers: 'list',
    batchSize: 'count',
    describe: 'function',
    check: 'function',
    plan: 'function',
    apply: 'function',
    close: 'function',
  }),
  ...[
    'identity',
    'issuers',
    'takeOver',
    'awaitEarlier',
    'fold',
    'takesUsername',
    'login',
    'rollback',
    'upgraded',
  ].flatMap((name) => {
    const field = fieldOf(value, name)
    return field === undefined || typeof field === 'function' ? [] : [`\`${name}\` must be a function, or absent`]
  }),
]

/** To be called on what has no problems. */
export const asDefinition = (value: unknown): TargetDefinition => value as TargetDefinition
export const asTarget = (value: unknown): Target => value as Target

const shapeProblems = (value: unknown, fields: Readonly<Record<string, Kind>>): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [`it is ${told(value)}, not an object`]
  return Object.entries(fields).flatMap(([name, kind]) => {
    const { words, holds } = KINDS[kind]
    const field = fieldOf(value, name)
    return holds(field) ? [] : [`\`${name}\` must be ${words}; it is ${told(field)}`]
  })
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined

/** What a value is, without the value: it may hold a secret. */
const told = (value: unknown): string => {
  if (value === undefined) return 'absent'
  if (value === null) return 'null'
  if (typeof value === 'number') return String(value)
  if (value === '') return 'an empty text'
  return Array.isArray(value) ? 'a list' : `a ${typeof value === 'string' ? 'text' : typeof value}`
}
