import { formatMoment } from '../words.ts'
import { type Html, html, NOTHING } from './escape.ts'
import { STYLE, styleSource } from './style.ts'

/** Nothing but the page's own style may be used: no script, no font, no picture from elsewhere. */
const POLICY = `default-src 'none'; style-src ${styleSource(STYLE)}; img-src data:; base-uri 'none'; form-action 'none'`

/** What stands around the sections of a page. */
export interface Frame {
  /** Such as `Plan`. */
  readonly title: string
  /** Of whom, such as `example.org`. */
  readonly subject: string
  readonly about: string
  /** ISO 8601, UTC. */
  readonly at: string
  /** Version of syn2op. */
  readonly syn2op: string
  readonly run?: string
}

/** The page around the sections: head, title, footer. Only the style stands unescaped, since it is ours. */
export const layout = ({ title, subject, about, at, syn2op, run }: Frame, sections: readonly Html[]): string => {
  const skip = sections.some(({ markup }) => markup.includes('<nav '))
    ? html`<a class="skip" href="#part-1">Skip the contents</a>
`
    : NOTHING
  const style: Html = { markup: `<style>${STYLE}</style>` }
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${{ markup: POLICY }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title} of ${subject} – syn2op</title>
${style}
</head>
<body>
${skip}<main>
<header><p class="eyebrow"><span><b>syn2op</b> · ${title}</span><span>${formatMoment(at)}</span></p><h1>${subject}</h1><p class="road">${about}</p></header>
${sections}
<footer><span>syn2op ${syn2op}</span><span>as of ${formatMoment(at)}</span>${run === undefined ? [] : html`<span>run ${run}</span>`}</footer>
</main>
</body>
</html>
`.markup
}
