import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { mappingSchema } from '../../src/mapping/mapping-schema.ts'
import { code, pageHead, table } from './markdown.ts'

/** As much of JSON Schema as the mapping's schema uses. */
interface Node {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly description?: string
  readonly properties?: Readonly<Record<string, Node>>
  readonly items?: Node
  readonly anyOf?: readonly Node[]
  readonly additionalProperties?: Node | boolean
}

export const mappingJsonSchema = (): unknown => z.toJSONSchema(mappingSchema, { io: 'input' })

const typeOf = (node: Node): string => {
  if (node.const !== undefined) return code(JSON.stringify(node.const))
  if (node.enum !== undefined) return node.enum.map((value) => code(String(value))).join(' or ')
  if (node.anyOf !== undefined) return node.anyOf.map(typeOf).join(' or ')
  if (node.type === 'object' && node.properties !== undefined) return 'section'
  if (node.type === 'array') return `list of ${typeOf(node.items ?? {})}`
  if (node.type === 'object' && typeof node.additionalProperties === 'object')
    return `map of ${typeOf(node.additionalProperties)}`
  return node.type === 'string' ? 'text' : (node.type ?? 'any')
}

const shapesOf = (node: Node): readonly Node[] => node.anyOf ?? [node]

const rowsUnder = (node: Node, path: string): readonly (readonly string[])[] =>
  Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const name = path === '' ? key : `${path}.${key}`
    if (child.properties !== undefined) return rowsUnder(child, name)
    const ofItems = shapesOf(child.items ?? {}).flatMap((shape) => rowsUnder(shape, `${name}[]`))
    if (ofItems.length > 0) {
      const type = child.items?.anyOf === undefined ? 'list' : typeOf(child)
      return [[code(name), type, '`[]`', child.description ?? ''], ...ofItems]
    }
    const fallback = child.default === undefined ? '' : code(JSON.stringify(child.default))
    return [[code(name), typeOf(child), fallback, child.description ?? '']]
  })

/** docs/reference/mapping.md, from the schema that the file is checked with, and the mapping that comes with syn2op. */
export const mappingPage = async (): Promise<string> =>
  [
    pageHead('Mapping'),
    'The rules file: which accounts move, under which provider names. Unknown keys are refused. Editors can check it with `mappings/mas.schema.json`, or the same file beside the rules of another target.',
    table(['Key', 'Value', 'Default', 'Meaning'], rowsUnder(mappingJsonSchema() as Node, '')),
    '## The mapping for MAS that comes with syn2op',
    await mappingBlock('mas'),
    '## The mapping for Keycloak that comes with syn2op',
    await mappingBlock('keycloak'),
    '## The mapping for Auth0 that comes with syn2op',
    await mappingBlock('auth0'),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n')

const mappingBlock = async (target: string): Promise<string> => {
  const text = await readFile(new URL(`../../mappings/${target}.yaml`, import.meta.url), 'utf8')
  return `\`\`\`yaml\n${text.trimEnd()}\n\`\`\``
}
