/** A step into a document: a key of a map, or the entry of a list that has this name. */
export type FieldStep = string | { readonly name: string }

/** Where a value stands in a document of Keycloak: `['attributes', { name: 'email' }, 'required']`. */
export type FieldPath = readonly FieldStep[]

export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isNamed = (name: string) => (entry: unknown) => isMap(entry) && entry['name'] === name

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const childOf = (value: unknown, step: FieldStep): unknown => {
  if (typeof step === 'string') return isMap(value) ? value[step] : undefined
  return listOf(value).find(isNamed(step.name))
}

/** The value at a path; undefined where it is not there. */
export const readField = (document: unknown, path: FieldPath): unknown =>
  path.reduce<unknown>((value, step) => childOf(value, step), document)

const withoutKey = (map: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(map).filter(([name]) => name !== key))

const withChild = (value: unknown, step: FieldStep, child: unknown): unknown => {
  if (typeof step === 'string') {
    const map = isMap(value) ? value : {}
    return child === undefined ? withoutKey(map, step) : { ...map, [step]: child }
  }
  const list = listOf(value)
  const at = list.findIndex(isNamed(step.name))
  if (child === undefined) return list.filter((_, index) => index !== at)
  return at === -1 ? [...list, child] : list.with(at, child)
}

/** The document with another value at a path, at the end of its list where it is new; undefined takes the value away. */
export const writeField = (document: unknown, path: FieldPath, value: unknown): unknown => {
  const [step, ...rest] = path
  if (step === undefined) return value
  return withChild(document, step, rest.length === 0 ? value : writeField(childOf(document, step), rest, value))
}

/** A path as people read it: `attributes.email.required`. */
export const fieldWords = (path: FieldPath): string =>
  path.map((step) => (typeof step === 'string' ? step : step.name)).join('.')

/**
 * Whether everything that we once sent is still there, whatever was added to it: lists in any order, since Keycloak keeps
 * none for most of them.
 */
export const holds = (present: unknown, sent: unknown): boolean => {
  if (Array.isArray(sent)) {
    const list = listOf(present)
    return list.length === sent.length && sent.every((entry) => list.some((one) => holds(one, entry)))
  }
  if (isMap(sent)) return isMap(present) && Object.entries(sent).every(([key, value]) => holds(present[key], value))
  return present === sent
}

/** Whether two values are the same, lists in any order: Keycloak answers the same list now in this order, now in that. */
export const sameValue = (one: unknown, other: unknown): boolean => holds(one, other) && holds(other, one)
