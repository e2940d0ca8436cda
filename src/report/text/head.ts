import { wrap } from '../../terminal/text.ts'
import { visible } from '../../terminal/visible.ts'
import type { Document, EndDescription } from '../documents.ts'
import { placeOf } from '../place-of.ts'
import { failureReasons } from '../rehearsal-reasons.ts'
import { verdictOf } from '../verdict.ts'
import { formatMoment, TITLES } from '../words.ts'
import { facts, paragraph, type TextView } from './section.ts'

const end = (description: EndDescription): string =>
  visible(`${description.product} ${description.version}, ${placeOf(description)}`)

/** A rehearsal's report is long, and what it came to is asked first. */
const headline = (document: Document, view: TextView): readonly string[] => {
  if (document.kind !== 'rehearsal') return []
  const verdict = verdictOf(document)
  return [
    ...wrap(visible(`${verdict.headline}.`), view.width).map((line) => view.paint(verdict.tone, line)),
    ...failureReasons(document).map(({ words }) => paragraph(visible(words), view, '  ')),
    '',
  ]
}

/** Which report, of which homeserver, between which databases. */
export const renderHead = (document: Document, view: TextView): string => {
  const about = document.kind === 'rehearsal' ? document.plan : document
  const title = `syn2op ${TITLES[document.kind].toLowerCase()} of ${visible(about.serverName)}`
  const run = document.kind === 'rehearsal' ? document.run?.runId : 'runId' in document ? document.runId : undefined
  const pairs: readonly (readonly [string, string])[] = [
    ['From', end(about.source)],
    ['To', end(about.target)],
    ['As of', visible(formatMoment(about.asOf))],
    ...('mapping' in about ? [['Mapping', visible(about.mapping.file)] as const] : []),
    ...('cohort' in about && about.cohort !== undefined ? [['Cohort', visible(about.cohort)] as const] : []),
    ...(run === undefined ? [] : [['Run', visible(run)] as const]),
    ...(document.kind === 'rehearsal'
      ? ([
          ['People', visible(document.people.what)],
          ['On', visible(document.services.join(', '))],
        ] as const)
      : []),
  ]
  return [view.paint('heading', title), ...headline(document, view), ...facts(pairs, view)].join('\n')
}
