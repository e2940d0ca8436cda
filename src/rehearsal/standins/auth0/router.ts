import type { Operation } from './answer.ts'

/** An operation, with what stands in its path for the names in braces. */
export interface Matched {
  readonly operation: Operation
  readonly parameters: Readonly<Record<string, string>>
}

const named = /^\{(?<name>.+)\}$/u

const parametersOf = (pattern: string, segments: readonly string[]): Readonly<Record<string, string>> | undefined => {
  const parts = pattern.split('/').slice(1)
  if (parts.length !== segments.length) return undefined
  const pairs = parts.map((part, index) => {
    const segment = segments[index] ?? ''
    const name = named.exec(part)?.groups?.['name']
    if (name !== undefined) return [name, segment] as const
    return part === segment ? ([] as const) : undefined
  })
  if (pairs.includes(undefined)) return undefined
  return Object.fromEntries(pairs.flatMap((pair) => (pair?.length === 2 ? [pair] : [])))
}

/** The first operation that is meant; `segments` below the API's root, decoded. */
export const findOperation = (
  operations: readonly Operation[],
  method: string,
  segments: readonly string[],
): Matched | undefined => {
  for (const operation of operations) {
    const parameters = operation.method === method ? parametersOf(operation.path, segments) : undefined
    if (parameters !== undefined) return { operation, parameters }
  }
  return undefined
}
