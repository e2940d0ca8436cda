import { readFile, stat } from 'node:fs/promises'
import { createRequire, findPackageJSON } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

/** Where a file or the main module of a package stands, seen from a folder; undefined where there is none. */
export const locateModule = async (
  name: string,
  { folder, kind }: { readonly folder: string; readonly kind: 'file' | 'package' },
): Promise<URL | undefined> => {
  if (kind === 'file') {
    const file = path.resolve(folder, name)
    return (await isFile(file)) ? pathToFileURL(file) : undefined
  }
  const base = pathToFileURL(path.join(folder, 'package.json'))
  try {
    return pathToFileURL(createRequire(base).resolve(name))
  } catch {
    // A package that only `import` may use has no entry for `require`, which is what looks here.
    return locateImport(name, base)
  }
}

const isFile = async (file: string): Promise<boolean> => {
  const found = await stat(file).catch(() => undefined)
  return found?.isFile() === true
}

const locateImport = async (name: string, base: URL): Promise<URL | undefined> => {
  const description = findDescription(name, base)
  if (description === undefined) return undefined
  const { exports, main } = JSON.parse(await readFile(description, 'utf8')) as { exports?: unknown; main?: unknown }
  const entry = importEntry(exports) ?? (typeof main === 'string' ? main : 'index.js')
  const file = path.resolve(path.dirname(description), entry)
  return (await isFile(file)) ? pathToFileURL(file) : undefined
}

const findDescription = (name: string, base: URL): string | undefined => {
  try {
    return findPackageJSON(name, base)
  } catch {
    return undefined
  }
}

/** What `exports` of a package.json says of its main module: the first condition that holds for an import. */
const importEntry = (exports: unknown): string | undefined => {
  if (typeof exports === 'string') return exports
  if (typeof exports !== 'object' || exports === null) return undefined
  for (const [condition, value] of Object.entries(exports)) {
    if (!['.', 'import', 'node', 'default', 'module-sync'].includes(condition)) continue
    const entry = importEntry(value)
    if (entry !== undefined) return entry
  }
  return undefined
}
