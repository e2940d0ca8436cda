import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
} from 'yaml'
import type { Problem } from '../../errors/syn2op-error.ts'
import type { Located, LocatedScalar, Place } from './located.ts'

/** 1.1 is what PyYAML reads: `yes` and `on` are booleans and merge keys (`<<`) work. */
export type YamlDialect = '1.1' | '1.2'

export interface ParsedYaml {
  /** Absent when the text is empty or cannot be parsed. */
  readonly value?: Located
  readonly problems: readonly Problem[]
}

// The library's own messages quote the text, in which a secret may stand: say it in words of ours.
const SYNTAX: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'an alias has no anchor of its name before it (a value that starts with * or & needs quotes)',
  BAD_INDENT: 'the indentation is wrong',
  BAD_SCALAR_START: 'a value starts with a character that needs quotes around the value',
  BLOCK_IN_FLOW: 'a block stands inside [ ] or { }',
  DUPLICATE_KEY: 'the same key stands twice in one section',
  MISSING_CHAR: 'a character is missing, such as a closing quote or bracket, or the space after a colon',
  MULTILINE_IMPLICIT_KEY: 'a key stretches over several lines (a colon is missing, or the indentation is wrong)',
  MULTIPLE_DOCS: 'the file holds several YAML documents',
  TAB_AS_INDENT: 'tabs cannot indent',
  TAG_RESOLVE_FAILED: 'a tag is unknown (a value that starts with ! needs quotes)',
  UNEXPECTED_TOKEN: 'something stands where nothing can',
}

const scalarValue = ({ value, source }: Scalar): LocatedScalar['value'] => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  // YAML 1.1 has dates and bytes too; no setting is one, so that they are texts as written.
  return value === null || value === undefined ? null : (source ?? null)
}

/** Entries of the merged map, or of each in a list of them where the first wins, below what is there. */
const merge = (entries: Map<string, Located>, keys: Map<string, Place>, merged: Located): void => {
  const maps = merged.kind === 'list' ? merged.items : [merged]
  for (const map of maps) {
    if (map.kind !== 'map') continue
    for (const [name, value] of map.entries) {
      if (entries.has(name)) continue
      entries.set(name, value)
      keys.set(name, map.keys.get(name) ?? value.at)
    }
  }
}

/** Walks the parsed document once; an aliased node is converted once and shared, so that aliases cannot blow it up. */
const converter = (document: Document, place: (node: Node) => Place, problems: Problem[], dialect: YamlDialect) => {
  const isMerge = ({ key, value }: Pair): boolean =>
    dialect === '1.1' && value !== null && isScalar(key) && key.source === '<<' && key.type === 'PLAIN'

  const done = new Map<Node, Located>()
  const open = new Set<Node>()

  const build = (node: Node): Located => {
    const at = place(node)
    if (isMap(node)) {
      const entries = new Map<string, Located>()
      const keys = new Map<string, Place>()
      for (const pair of node.items.filter(isMerge)) merge(entries, keys, convert(pair.value as Node))
      for (const { key, value } of node.items.filter((pair) => !isMerge(pair))) {
        const name = isScalar(key) ? String(key.value) : String(key)
        keys.set(name, place((key ?? node) as Node))
        entries.set(name, value === null ? { kind: 'scalar', at, value: null } : convert(value as Node))
      }
      return { kind: 'map', at, entries, keys, ...(node.flow === true ? { inBraces: true } : {}) }
    }
    if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item) => convert(item as Node)) }
    return { kind: 'scalar', at, value: isScalar(node) ? scalarValue(node) : null }
  }

  const convert = (node: Node): Located => {
    const target = isAlias(node) ? node.resolve(document) : node
    const known = target && done.get(target)
    if (known) return known
    if (!target || open.has(target)) {
      problems.push({ message: 'an alias contains itself', at: place(node) })
      return { kind: 'scalar', at: place(node), value: null }
    }
    open.add(target)
    const located = build(target)
    open.delete(target)
    done.set(target, located)
    return located
  }
  return convert
}

/**
 * Parses one YAML file. Every problem of the text comes back at once, with its place and without any of its content.
 * In YAML 1.2 merge keys (`<<`) have no meaning; in 1.1 whole numbers too large to be exact come as bigint.
 */
export const parseLocated = (text: string, file: string, dialect: YamlDialect = '1.2'): ParsedYaml => {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    version: dialect,
    intAsBigInt: dialect === '1.1',
  })
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const problems: Problem[] = document.errors.map((error) => ({
    message: SYNTAX[error.code] ?? `this is no valid YAML (${error.code})`,
    at: placeAt(error.pos[0]),
  }))
  if (problems.length > 0 || document.contents === null) return { problems }
  const value = converter(document, (node) => placeAt(node.range?.[0] ?? 0), problems, dialect)(document.contents)
  return problems.length > 0 ? { problems } : { value, problems }
}
