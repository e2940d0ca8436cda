import type { Document } from '../documents.ts'
import { formatMoment, TITLES } from '../words.ts'
import { type Html, html, NOTHING } from './escape.ts'
import { STYLE, styleSource } from './style.ts'

/** Nothing but the page's own style may be used: no script, no font, no picture from elsewhere. */
const POLICY = `default-src 'none'; style-src ${styleSource(STYLE)}; img-src data:; base-uri 'none'; form-action 'none'`

const runOf = (document: Document): string | undefined => {
  if (document.kind === 'rehearsal') return document.run?.runId
  return 'runId' in document ? document.runId : undefined
}

/** The page around the sections: head, title, footer. Only the style stands unescaped, since it is ours. */
export const layout = (document: Document, sections: readonly Html[]): string => {
  const skip = sections.some(({ markup }) => markup.includes('<nav '))
    ? html`<a class="skip" href="#part-1">Skip the contents</a>
`
    : NOTHING
  const about = document.kind === 'rehearsal' ? document.plan : document
  const title = TITLES[document.kind]
  const run = runOf(document)
  const style: Html = { markup: `<style>${STYLE}</style>` }
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${{ markup: POLICY }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title} of ${about.serverName} – syn2op</title>
${style}
</head>
<body>
${skip}<main>
<header><p class="eyebrow"><span><b>syn2op</b> · ${title}</span><span>${formatMoment(about.asOf)}</span></p><h1>${about.serverName}</h1><p class="road">${about.source.product} → ${about.target.product}</p></header>
${sections}
<footer><span>syn2op ${document.syn2op}</span><span>as of ${formatMoment(about.asOf)}</span>${run === undefined ? [] : html`<span>run ${run}</span>`}</footer>
</main>
</body>
</html>
`.markup
}
