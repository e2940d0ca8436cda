import { formatPercent } from '../../terminal/numbers.ts'
import { type Html, html, NOTHING } from './escape.ts'
import { units, WIDE } from './plots/scale.ts'

const frame = (kind: 'share' | 'time', label: string, content: Html): Html =>
  html`<svg class="${kind}" viewBox="0 0 ${WIDE} 10" preserveAspectRatio="none" role="img" aria-label="${label}">${content}</svg>`

/** How much of a relation is carried; the rest of the bar is what is left. */
export const shareBar = (carried: number, read: number): Html =>
  read === 0
    ? NOTHING
    : frame(
        'share',
        `${formatPercent(carried, read)} carried`,
        html`<rect class="carried" width="${units(carried, read)}" height="10"/>`,
      )

/** One piece of time in its place among all: it begins where the piece before it ended. */
export const timeBar = (from: number, length: number, whole: number): Html => {
  const start = Math.min(units(from, whole), WIDE - 4)
  const width = Math.max(4, Math.min(WIDE - start, units(length, whole)))
  return frame(
    'time',
    `${formatPercent(length, whole)} of the time`,
    html`<rect class="carried" x="${start}" width="${width}" height="10"/>`,
  )
}

const SIGNS = {
  good: html`<path class="sign" d="M10 18.5l5.5 5.5L26 12.5"/>`,
  attention: html`<path class="sign" d="M18 9.5v11M18 26v.5"/>`,
  bad: html`<path class="sign" d="M12 12l12 12M24 12L12 24"/>`,
} as const

/** The sign of a verdict. The words beside it say the same. */
export const verdictMark = (tone: keyof typeof SIGNS): Html =>
  html`<svg class="mark" viewBox="0 0 36 36" aria-hidden="true"><circle class="disc" cx="18" cy="18" r="18"/>${SIGNS[tone]}</svg>`

/** What the two colours of a share bar mean. */
export const shareKey = html`<p class="key"><span><svg viewBox="0 0 1 1" aria-hidden="true"><rect class="carried" width="1" height="1"/></svg>carried</span><span><svg viewBox="0 0 1 1" aria-hidden="true"><rect class="left" width="1" height="1"/></svg>left</span></p>`
