import { formatCount, formatInteger } from '../../../terminal/numbers.ts'
import { type Html, html, NOTHING } from '../escape.ts'
import { type Flow, type FlowLink, type FlowMeasures, type FlowNode, layFlow, type Ribbon } from './flow.ts'
import { type FlowSource, flowLinks, sessionsBeside } from './flow-links.ts'

/** Where blocks and labels stand, in units of the picture, which are pixels where it is as wide as it is meant to be. */
interface Frame extends FlowMeasures {
  readonly name: 'wide' | 'narrow'
  readonly width: number
  readonly block: number
  readonly sourceX: number
  readonly destinationX: number
  readonly sourceLabel: number
  readonly destinationLabel: number
  readonly anchors: readonly ['start' | 'end', 'start' | 'end']
}

/** Labels outside the ribbons. */
const WIDE_FRAME: Frame = {
  name: 'wide',
  width: 900,
  block: 10,
  sourceX: 215,
  destinationX: 530,
  sourceLabel: 205,
  destinationLabel: 550,
  anchors: ['end', 'start'],
  sourceColumns: 26,
  destinationColumns: 44,
  line: 18,
}

/** Labels on the ribbons, for a telephone. */
const NARROW_FRAME: Frame = {
  name: 'narrow',
  width: 320,
  block: 7,
  sourceX: 0,
  destinationX: 313,
  sourceLabel: 12,
  destinationLabel: 308,
  anchors: ['start', 'end'],
  sourceColumns: 17,
  destinationColumns: 25,
  line: 15,
}

const round = (value: number): number => Math.round(value * 10) / 10

const ribbonPath = ({ fromY, toY, thickness }: Ribbon, { sourceX, block, destinationX }: Frame): string => {
  const x0 = sourceX + block
  const middle = (x0 + destinationX) / 2
  const [a, b, c, d] = [fromY, toY, toY + thickness, fromY + thickness].map(round)
  return `M${x0} ${a}C${middle} ${a} ${middle} ${b} ${destinationX} ${b}V${c}C${middle} ${c} ${middle} ${d} ${x0} ${d}Z`
}

const label = ({ lines, y, height }: FlowNode, x: number, anchor: 'start' | 'end', line: number): Html => {
  const first = y + height / 2 - ((lines.length - 1) * line) / 2
  return html`${lines.map(
    (text, index) =>
      html`<text x="${x}" y="${round(first + index * line)}" text-anchor="${anchor}" dominant-baseline="central">${text}</text>`,
  )}`
}

const blocks = (nodes: readonly FlowNode[], x: number, labelX: number, anchor: 'start' | 'end', frame: Frame): Html =>
  html`${nodes.map(
    (node) =>
      html`<g class="${node.kind}"><rect class="fill" x="${x}" y="${round(node.y)}" width="${frame.block}" height="${round(node.height)}"/>${label(node, labelX, anchor, frame.line)}</g>`,
  )}`

const draw = (flow: Flow, frame: Frame, said: string): Html =>
  html`<svg class="flow ${frame.name}" viewBox="0 0 ${frame.width} ${flow.height}" role="img" aria-label="${said}"><g>${flow.ribbons.map(
    (ribbon) => html`<path class="ribbon ${ribbon.kind}" d="${ribbonPath(ribbon, frame)}"/>`,
  )}</g>${blocks(flow.sources, frame.sourceX, frame.sourceLabel, frame.anchors[0], frame)}${blocks(flow.destinations, frame.destinationX, frame.destinationLabel, frame.anchors[1], frame)}</svg>`

/** The same in words: of each relation, how many go where. */
export const flowWords = (links: readonly FlowLink[]): string =>
  [...new Set(links.map(({ from }) => from))]
    .map((from) => {
      const own = links.filter((link) => link.from === from && link.count > 0)
      const ends = own.map(
        ({ to, count, kind }) => `${formatInteger(count)} ${kind === 'carried' ? `to ${to}` : `left (${to})`}`,
      )
      return ends.length === 0 ? '' : `${from}: ${ends.join(', ')}.`
    })
    .filter((sentence) => sentence !== '')
    .join(' ')

/** What goes where, drawn twice: a narrow screen shows the one that is made for it. */
export const flowPlot = (source: FlowSource): Html => {
  const links = flowLinks(source)
  const rows = links.reduce((sum, { count }) => sum + count, 0)
  if (rows === 0) return NOTHING
  const said = `What goes where. ${flowWords(links)}`
  return html`<figure><figcaption><h3>What goes where</h3><p>${formatCount(rows, 'row', 'rows')} of Synapse. On the right, first what goes to ${source.product}, then what stays behind, with why. The table has the same numbers.${sessionsBeside(source)}</p></figcaption>${[
    WIDE_FRAME,
    NARROW_FRAME,
  ].map((frame) => draw(layFlow(links, frame), frame, said))}</figure>`
}
