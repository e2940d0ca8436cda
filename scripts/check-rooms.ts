import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { COMMON_ROOMS, DATABASE_PACKAGES, PACKAGE_ROOMS, ROOMS, type Room } from './rooms.ts'

/** One import of a file, or its reading of the environment. */
interface Use {
  readonly line: number
  readonly names: string
  readonly typesOnly: boolean
}

const IMPORT =
  /^(?:import|export)\s+(?<type>type\s)?(?:[^'";]*?\sfrom\s+)?'(?<from>[^']+)'|\bimport\('(?<dynamic>[^']+)'\)|(?<env>\bprocess\.env\b|'node:process')/gmu

const withoutComments = (source: string): string =>
  source.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gmu, (comment) => comment.replaceAll(/[^\n]/gu, ' '))

const usesOf = (source: string): readonly Use[] =>
  [...withoutComments(source).matchAll(IMPORT)].map((match) => ({
    line: source.slice(0, match.index).split('\n').length,
    names: match.groups?.['env'] ?? match.groups?.['from'] ?? match.groups?.['dynamic'] ?? '',
    typesOnly: match.groups?.['type'] !== undefined,
  }))

/** `targets/*` is as many rooms as there are targets. */
const matches = (pattern: string, file: string): string | undefined => {
  const escaped = pattern.split('*').map((part) => RegExp.escape(part))
  return new RegExp(`^${escaped.join('[^/]+')}(?=/|$)`, 'u').exec(file)?.[0]
}

const roomOf = (file: string): { readonly room: Room; readonly home: string } | undefined =>
  ROOMS.flatMap((room) => {
    const home = matches(room.path, file)
    return home === undefined ? [] : [{ room, home }]
  }).toSorted(
    (a, b) => b.home.length - a.home.length || Number(a.room.path.includes('*')) - Number(b.room.path.includes('*')),
  )[0]

const mayKnow = (knows: readonly string[], file: string, { typesOnly }: Use): boolean =>
  knows.some((entry) => {
    const [kind, pattern] = entry.startsWith('types:') ? ['types', entry.slice('types:'.length)] : ['all', entry]
    return entry === '*' || (matches(pattern, file) !== undefined && (kind === 'all' || typesOnly))
  })

const packageOf = (name: string): string => name.split('/', name.startsWith('@') ? 2 : 1).join('/')

const problemWith = (file: string, use: Use): string | undefined => {
  const found = roomOf(file)
  if (found === undefined) return 'stands in no room of scripts/rooms.ts'
  const { room, home } = found
  if (use.names === 'process.env' || use.names === 'node:process')
    return room.environment === true ? undefined : 'reads process.env: have it passed in'
  if (use.names.startsWith('.')) {
    const other = path.posix.join(path.posix.dirname(file), use.names)
    const known = matches(home, other) !== undefined || mayKnow([...COMMON_ROOMS, ...room.knows], other, use)
    return known
      ? undefined
      : `${home} may not know ${other}${mayKnow(room.knows, other, { ...use, typesOnly: true }) ? ' but for its types' : ''}`
  }
  const name = packageOf(use.names)
  if (use.typesOnly) return undefined
  if (DATABASE_PACKAGES.includes(name) && room.databases !== true) return `${home} may not speak to databases (${name})`
  const rooms = PACKAGE_ROOMS[name]
  return rooms === undefined || rooms.includes(home) ? undefined : `${name} belongs to ${rooms.join(' and ')}`
}

/** What a file of src/ (its path from there) imports against the plan of the rooms: `src/file:line message` each. */
export const roomProblems = (file: string, source: string): readonly string[] =>
  usesOf(source).flatMap((use) => {
    const problem = problemWith(file, use)
    return problem === undefined ? [] : [`src/${file}:${use.line} ${problem}`]
  })

const checkAll = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { recursive: true })
  const sources = entries.filter((entry) => entry.endsWith('.ts')).toSorted()
  const found = await Promise.all(
    sources.map(async (file) =>
      roomProblems(file.replaceAll(path.sep, '/'), await readFile(path.join(folder, file), 'utf8')),
    ),
  )
  return found.flat()
}

if (import.meta.main) {
  const problems = await checkAll(fileURLToPath(new URL('../src', import.meta.url)))
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length === 0 ? 0 : 1
}
