import { isObject } from './json.ts'

/** What is at a path of a profile; the items of arrays on the way are all looked into. */
export const valuesAt = (value: unknown, path: string): readonly unknown[] => {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path))
  if (path === '') return value === undefined ? [] : [value]
  if (!isObject(value)) return []
  const [first = '', ...others] = path.split('.')
  return valuesAt(value[first], others.join('.'))
}
