import { visible } from '../../terminal/visible.ts'
import type { Document, EndDescription } from '../documents.ts'
import { placeOf } from '../place-of.ts'
import { formatMoment, TITLES } from '../words.ts'
import { facts, type TextView } from './section.ts'

const end = (description: EndDescription): string =>
  visible(`${description.product} ${description.version}, ${placeOf(description)}`)

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
    ...(document.kind === 'rehearsal' ? [['On', visible(document.services.join(', '))] as const] : []),
  ]
  return [view.paint('heading', title), ...facts(pairs, view)].join('\n')
}
