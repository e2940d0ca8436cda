import { formatInteger } from '../../../terminal/numbers.ts'

/** So many rows of one source that end at one destination. */
export interface FlowLink {
  readonly from: string
  readonly to: string
  readonly count: number
  /** left: they stay behind, and `to` is why. */
  readonly kind: 'carried' | 'left'
  /** What is several things together stands last, however much it is. */
  readonly last?: true
}

/** A block at one side: its rows, and where it and its label stand. */
export interface FlowNode {
  readonly name: string
  readonly count: number
  readonly kind: FlowLink['kind']
  readonly y: number
  readonly height: number
  readonly lines: readonly string[]
}

/** A ribbon from block to block; `y` at either end is its upper edge. */
export interface Ribbon {
  readonly kind: FlowLink['kind']
  readonly fromY: number
  readonly toY: number
  readonly thickness: number
}

export interface Flow {
  readonly height: number
  readonly sources: readonly FlowNode[]
  readonly destinations: readonly FlowNode[]
  readonly ribbons: readonly Ribbon[]
}

/** How labels are broken into lines, in characters, and how high a line is. */
export interface FlowMeasures {
  readonly sourceColumns: number
  readonly destinationColumns: number
  readonly line: number
}

/** What all rows together are high; thinner ribbons than the thinnest would not be seen. */
const HIGH = 280
const THINNEST = 1
const GAP = 6

/**
 * Breaks a label at its spaces and underscores, and where a word is longer than a line, anywhere.
 * @returns at least one line, none longer than `columns` characters.
 */
export const wrap = (text: string, columns: number): readonly string[] => {
  const pieces = text.match(/[^\s_]+_*|_+|\s+/gu) ?? []
  const lines: string[] = []
  let line = ''
  for (const piece of pieces) {
    let rest = /^\s+$/u.test(piece) ? ' ' : piece
    if (line !== '' && [...line, ...rest].length > columns) {
      lines.push(line.trimEnd())
      line = ''
      rest = rest.trimStart()
    }
    while ([...rest].length > columns) {
      lines.push([...rest].slice(0, columns).join(''))
      rest = [...rest].slice(columns).join('')
    }
    line += rest
  }
  return line.trim() === '' && lines.length > 0 ? lines : [...lines, line.trimEnd()]
}

interface Block {
  readonly name: string
  readonly count: number
  readonly kind: FlowLink['kind']
  readonly thickness: number
}

/** Blocks one beneath the other, each with room for its label. */
const stack = (blocks: readonly Block[], columns: number, line: number): readonly FlowNode[] => {
  let y = 0
  return blocks.map(({ name, count, kind, thickness }) => {
    const lines = wrap(`${name}: ${formatInteger(count)}`, columns)
    const room = Math.max(thickness, lines.length * line)
    const node = { name, count, kind, y: y + (room - thickness) / 2, height: thickness, lines }
    y += room + GAP
    return node
  })
}

const bottom = (nodes: readonly FlowNode[], line: number): number =>
  nodes.reduce(
    (most, { y, height, lines }) => Math.max(most, y + height / 2 + Math.max(height, lines.length * line) / 2),
    0,
  )

/** Where everything stands in a picture of what goes where. Links of nothing are not drawn. */
export const layFlow = (all: readonly FlowLink[], { sourceColumns, destinationColumns, line }: FlowMeasures): Flow => {
  const links = all.filter(({ count }) => count > 0)
  const total = links.reduce((sum, { count }) => sum + count, 0)
  const thick = (count: number): number => Math.max(THINNEST, (count / total) * HIGH)
  const block = (name: string, kind: FlowLink['kind'], own: readonly FlowLink[]): Block => ({
    name,
    kind,
    count: own.reduce((sum, { count }) => sum + count, 0),
    thickness: own.reduce((sum, { count }) => sum + thick(count), 0),
  })
  const from = [...new Set(links.map((link) => link.from))]
  const ends = new Map(links.map((link) => [`${link.kind} ${link.to}`, link] as const))
  const blocks = [...ends.values()].map(({ to, kind }) =>
    block(
      to,
      kind,
      links.filter((link) => link.to === to && link.kind === kind),
    ),
  )
  const lasts = new Set(links.filter(({ last }) => last === true).map(({ to }) => to))
  const ordered = [
    ...blocks.filter(({ kind }) => kind === 'carried'),
    ...blocks
      .filter(({ kind }) => kind === 'left')
      .toSorted((a, b) => Number(lasts.has(a.name)) - Number(lasts.has(b.name)) || b.count - a.count),
  ]
  const sources = stack(
    from.map((name) =>
      block(
        name,
        'carried',
        links.filter((link) => link.from === name),
      ),
    ),
    sourceColumns,
    line,
  )
  const destinations = stack(ordered, destinationColumns, line)
  return {
    height: Math.ceil(Math.max(bottom(sources, line), bottom(destinations, line))),
    sources,
    destinations,
    ribbons: ribbons(links, sources, destinations, thick),
  }
}

const ribbons = (
  links: readonly FlowLink[],
  sources: readonly FlowNode[],
  destinations: readonly FlowNode[],
  thick: (count: number) => number,
): readonly Ribbon[] => {
  const left = new Map(sources.map((node) => [node.name, node.y]))
  const right = new Map(destinations.map((node) => [node, node.y]))
  return sources.flatMap(({ name }) =>
    destinations.flatMap((node) =>
      links
        .filter((link) => link.from === name && link.to === node.name && link.kind === node.kind)
        .map((link) => {
          const ribbon = {
            kind: link.kind,
            fromY: left.get(name) ?? 0,
            toY: right.get(node) ?? 0,
            thickness: thick(link.count),
          }
          left.set(name, ribbon.fromY + ribbon.thickness)
          right.set(node, ribbon.toY + ribbon.thickness)
          return ribbon
        }),
    ),
  )
}
