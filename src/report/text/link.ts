import { createPaint } from '../../terminal/colour.ts'
import { formatDuration, formatInteger } from '../../terminal/numbers.ts'
import { visible } from '../../terminal/visible.ts'
import { counted } from '../counted.ts'
import type { LinkCounts, LinkDocument } from '../link-document.ts'
import { formatMoment } from '../words.ts'
import { renderFindings } from './findings.ts'
import { nextSection } from './next-section.ts'
import { facts, paragraph, section, type TextOptions, type TextView } from './section.ts'

/** Links to people of Keycloak: how many, and what stands in their way. */
export const renderLink = (document: LinkDocument, { width, colour, detail, given = {} }: TextOptions): string => {
  const view: TextView = { width, paint: createPaint(colour), detail: detail ?? 'all', given }
  const { findings, next } = document
  const parts = [
    [view.paint('heading', 'syn2op link'), ...facts(headOf(document), view)].join('\n'),
    ...section('Links', linkCounts(document), view),
    ...renderFindings(findings, view),
    [
      view.paint(isClear(document) ? 'good' : 'attention', `${visible(verdictOf(document))}.`),
      ...(document.milliseconds === undefined
        ? []
        : [paragraph(`It took ${formatDuration(document.milliseconds)}.`, view, '  ')]),
    ].join('\n'),
    ...nextSection(next, view),
  ]
  return `${parts.join('\n\n')}\n`
}

const COUNTS: readonly { readonly of: keyof LinkCounts; readonly says: string }[] = [
  { of: 'write', says: 'to be written' },
  { of: 'written', says: 'written' },
  { of: 'removed', says: 'taken back' },
  { of: 'there', says: 'there already' },
  { of: 'conflicts', says: 'left: linked otherwise, or the account is somebody else’s' },
  { of: 'missing', says: 'left: the account is not there' },
  { of: 'leftOut', says: 'left: something came in their way meanwhile' },
  { of: 'used', says: 'stay: somebody has logged in by them since' },
  { of: 'changed', says: 'stay: another link stands in their place' },
  { of: 'gone', says: 'were gone already' },
]

/** How many links became what, a line each. */
export const linkCounts = ({ links = {} }: Pick<LinkDocument, 'links'>): readonly string[] =>
  table(
    COUNTS.flatMap(({ of, says }): readonly (readonly [string, string])[] => {
      const count = links[of]
      return count === undefined ? [] : [[formatInteger(count), says]]
    }),
  )

const table = (rows: readonly (readonly [string, string])[]): readonly string[] => {
  const margin = Math.max(0, ...rows.map(([count]) => count.length))
  return rows.map(([count, says]) => `  ${count.padStart(margin)}  ${says}`)
}

const headOf = ({
  serverName,
  to,
  provider,
  cohort,
  asOf,
  takesBack,
  runId,
  files,
}: LinkDocument): readonly (readonly [string, string])[] => [
  ['Server', visible(serverName)],
  ['Links in', visible(`${to.product}, ${to.table} at ${to.location}`)],
  ...(provider === undefined ? [] : [['Provider', visible(provider.name)] as const]),
  ...(cohort === undefined ? [] : [['Cohort', visible(cohort)] as const]),
  ['As of', formatMoment(asOf)],
  ...(takesBack === undefined ? [] : [['Takes back', takesBack] as const]),
  ...(runId === undefined ? [] : [['Run', runId] as const]),
  ...(files === undefined ? [] : [['Files', visible(`${files.link}, and the way back: ${files.unlink}`)] as const]),
]

const isClear = ({ findings }: LinkDocument): boolean =>
  findings.every(({ severity, accepted }) => severity === 'notice' || accepted !== undefined)

const links = (count: number): string => counted(count, 'link', 'links')

const verdictOf = ({ action, runId, links: counts, findings, accounts, to }: LinkDocument): string => {
  const { write = 0, written = 0, removed = 0 } = counts ?? {}
  if (findings.some(({ severity }) => severity === 'error')) return 'Nobody can be linked as things are'
  if (action === 'undo') {
    return runId === undefined ? `${links(accounts)} would be taken back` : `${links(removed)} taken back`
  }
  if (runId !== undefined) return `${links(written)} written to ${to.product}`
  return write === 0 ? 'There is no link to write' : `${links(write)} would be written to ${to.product}`
}
