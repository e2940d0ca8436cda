/** In levels of objects: no client reads a name that lies deeper. */
const DEEPEST = 2

interface OpenObject {
  /** The names that lead to it. */
  readonly path: readonly string[]
  readonly names: Set<string>
  /** The member that is being read. */
  name: string
  awaitsName: boolean
}

/**
 * The paths of the names that stand more than once in one object, each path once, in the order of the second time. Of a text that
 * JSON.parse takes, with or without a byte order mark; JSON.parse itself says nothing of them, and takes the last. Two objects
 * deep, and not into lists.
 */
export const repeatedNames = (text: string): readonly (readonly string[])[] => {
  const repeated = new Map<string, readonly string[]>()
  // A list, and what lies too deep, is open without names.
  const open: (OpenObject | undefined)[] = []
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at)
    const inner = open.at(-1)
    if (letter === '{') open.push(within(inner, open.length))
    else if (letter === '[') open.push(undefined)
    else if (letter === '}' || letter === ']') open.pop()
    else if (letter === ',' && inner !== undefined) inner.awaitsName = true
    else if (letter === '"') {
      const end = endOfString(text, at)
      if (inner?.awaitsName === true) {
        inner.awaitsName = false
        inner.name = String(JSON.parse(text.slice(at, end + 1)))
        const path = [...inner.path, inner.name]
        if (inner.names.has(inner.name)) repeated.set(JSON.stringify(path), path)
        inner.names.add(inner.name)
      }
      at = end
    }
  }
  return [...repeated.values()]
}

const within = (outer: OpenObject | undefined, depth: number): OpenObject | undefined => {
  if (depth >= DEEPEST || (depth > 0 && outer === undefined)) return undefined
  const path = outer === undefined ? [] : [...outer.path, outer.name]
  return { path, names: new Set(), name: '', awaitsName: true }
}

/** Where its closing mark stands. */
const endOfString = (text: string, start: number): number => {
  let at = start + 1
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1
  return at
}
