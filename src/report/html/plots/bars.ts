import { formatCount, formatInteger, formatPercent } from '../../../terminal/numbers.ts'
import { type Html, html, NOTHING } from '../escape.ts'
import { units, WIDE } from './scale.ts'

/** One bar: what it stands for, how many, and how it is meant. The words say that too. */
export interface Bar {
  readonly name: string
  readonly count: number
  readonly tone: 'carried' | 'left' | 'bad'
}

export interface BarPlot {
  readonly title: string
  /** Of what the bars are parts, in a sentence with its number. */
  readonly caption: string
  readonly bars: readonly Bar[]
  /** What all bars together are, whose shares are told. */
  readonly whole: number
  /** What a full bar is: the whole, or the longest of them, so that their order is seen. */
  readonly full: 'whole' | 'longest'
  /** What is counted, for bars that are folded away. */
  readonly unit: { readonly one: string; readonly many: string }
}

/** More bars than these are no picture: the others are folded away. */
const SHOWN = 12

export const ROUNDED = 'Shares are rounded to whole percent.'

const item = ({ name, count, tone }: Bar, whole: number, full: number): Html =>
  html`<li class="${tone}"><span class="name"><bdi>${name}</bdi></span><span class="n">${formatInteger(count)}</span><span class="n share">${formatPercent(count, whole)}</span><svg viewBox="0 0 ${WIDE} 10" preserveAspectRatio="none" aria-hidden="true"><rect class="fill" width="${units(count, full)}" height="10"/></svg></li>`

const list = (bars: readonly Bar[], whole: number, full: number): Html =>
  html`<ul class="bars">${bars.map((bar) => item(bar, whole, full))}</ul>`

/** The first bars, and the others to be unfolded; one alone is not worth folding. */
export const splitBars = (bars: readonly Bar[]): { readonly shown: readonly Bar[]; readonly folded: readonly Bar[] } =>
  bars.length <= SHOWN
    ? { shown: bars, folded: [] }
    : { shown: bars.slice(0, SHOWN - 1), folded: bars.slice(SHOWN - 1) }

/** Bars with their numbers beside them: the list is the text, the bars are its picture. */
export const barPlot = ({ title, caption, bars, whole, full, unit }: BarPlot): Html => {
  if (bars.length === 0) return NOTHING
  const longest = bars.reduce((most, { count }) => Math.max(most, count), 0)
  const scale = full === 'whole' ? whole : longest
  const { shown, folded } = splitBars(bars)
  const hidden = folded.reduce((sum, { count }) => sum + count, 0)
  const more =
    folded.length === 0
      ? NOTHING
      : html`<details><summary>${formatInteger(folded.length)} more, ${formatCount(hidden, unit.one, unit.many)} together</summary>${list(folded, whole, scale)}</details>`
  return html`<figure><figcaption><h3>${title}</h3><p>${caption}</p></figcaption>${list(shown, whole, scale)}${more}</figure>`
}
