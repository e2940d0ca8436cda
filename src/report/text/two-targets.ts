import { RELATION_NAMES } from '../../accounts/relations.ts'
import { createPaint } from '../../terminal/colour.ts'
import { formatInteger } from '../../terminal/numbers.ts'
import { type Column, renderTable } from '../../terminal/table.ts'
import { visible } from '../../terminal/visible.ts'
import { counted } from '../counted.ts'
import type { LinkDocument } from '../link-document.ts'
import { placeOf } from '../place-of.ts'
import { type DocumentOfTwo, onlyAtSecond, type PlanOfTwo, standsAside } from '../two-targets.ts'
import { planVerdict, runVerdict, type VerdictOfTwo, verifyVerdict } from '../two-targets-verdict.ts'
import { findingsOfTwo, moveLines, predictionsOfTwo } from '../two-targets-words.ts'
import { formatMoment } from '../words.ts'
import { renderCohorts } from './cohorts.ts'
import { renderFindings } from './findings.ts'
import { renderForecast } from './forecast.ts'
import { linkCounts } from './link.ts'
import { nextSection } from './next-section.ts'
import { renderPredictions } from './predictions.ts'
import { renderOneOfTwo } from './render-text.ts'
import { facts, paragraph, section, type TextOptions, type TextView } from './section.ts'

/** What becomes, or became, of two targets that are filled together, in the order in which they are written. */
export const renderTwoTargets = (
  document: DocumentOfTwo,
  { width, colour, detail, before, given = {} }: TextOptions,
): string => {
  const view: TextView = { width, paint: createPaint(colour), detail: detail ?? 'all', given }
  const parts = [...body(document, view), ...(before === undefined ? nextSection(document.next, view) : [])]
  return `${parts.join('\n\n')}\n`
}

const body = (document: DocumentOfTwo, view: TextView): readonly string[] => {
  switch (document.kind) {
    case 'plan-of-two':
      return plan(document, view)
    case 'run-of-two':
      return [
        heading(`syn2op migration of ${document.serverName} to two targets`, view),
        ...document.runs.flatMap((run) => renderOneOfTwo(run, view)),
        ...renderLinks(document.links, view),
        verdict(runVerdict(document), view),
      ]
    case 'verify-of-two':
      return [
        heading(`syn2op verification of ${document.serverName} at two targets`, view),
        ...document.verifications.flatMap((one) => renderOneOfTwo(one, view)),
        ...renderLinks(document.links, view),
        verdict(verifyVerdict(document), view),
      ]
  }
}

const heading = (text: string, { paint }: TextView): string => paint('heading', visible(text))

const MOVES: readonly Column[] = [
  { title: '', align: 'left', fit: 'wrap' },
  { title: 'Read', align: 'right' },
  { title: 'To Keycloak', align: 'right' },
  { title: 'To MAS', align: 'right' },
  { title: 'Left', align: 'right' },
]

const plan = ({ serverName, plans, links }: PlanOfTwo, view: TextView): readonly string[] => {
  const [logins, accounts] = plans
  const lines = moveLines(plans, (relation) => RELATION_NAMES[relation].many)
  const number = (count: number | undefined): string => (count === undefined ? '' : formatInteger(count))
  const end = ({ product, version, ...place }: PlanOfTwo['plans'][0]['target']): string =>
    visible(`${product} ${version}, ${placeOf({ product, version, ...place })}`)
  const findings = findingsOfTwo(plans, links)
  return [
    [
      heading(`syn2op plan of ${serverName}, to two targets`, view),
      ...facts(
        [
          ['From', end(logins.source)],
          ['Logins to', end(logins.target)],
          ['Accounts to', end(accounts.target)],
          ['As of', visible(formatMoment(logins.asOf))],
          ['Mappings', visible([...new Set(plans.map(({ mapping }) => mapping.file))].join(', '))],
          ...(logins.cohort === undefined ? [] : [['Cohort', visible(logins.cohort)] as const]),
        ],
        view,
      ),
    ].join('\n'),
    ...section(
      'What goes where',
      lines.length === 0
        ? []
        : [
            renderTable(
              MOVES,
              lines.map((one) => [
                visible(one.what),
                number(one.read),
                number(one.logins),
                number(one.accounts),
                number(one.left),
              ]),
              view,
            ),
          ],
      view,
    ),
    ...section('Cohorts', renderCohorts(accounts.cohort === undefined ? accounts.cohorts : undefined, view), view),
    ...section(
      'What is written in which order',
      order(links, standsAside({ plans })).map((text) => paragraph(visible(text), view, '  ')),
      view,
    ),
    ...renderShutOut(links, 'To MAS, and not to Keycloak', view),
    ...plans.flatMap(({ target, forecast }) =>
      section(`How long ${target.product} would take`, renderForecast(forecast, view), view),
    ),
    ...section(
      'What will change for people',
      // The whole list of them is of one target.
      renderPredictions(predictionsOfTwo(plans.map(({ predictions }) => predictions)), view).slice(0, 1),
      view,
    ),
    ...renderFindings(findings, view),
    verdict(planVerdict(findings), view),
  ]
}

const order = (links: LinkDocument | undefined, isAside: boolean): readonly string[] => [
  '1. Keycloak: people with their passwords and SSO identities. Synapse may run.',
  `2. MAS${isAside ? ', into a copy that stands aside' : ''}: accounts, e-mails, devices, sessions and tokens.`,
  links === undefined
    ? '3. The links in MAS, which were not looked at.'
    : `3. ${isAside ? `Links in MAS${providerOf(links)}: with the final run, once the copy is in its place.` : linksToCome(links)}`,
]

const providerOf = ({ provider }: LinkDocument): string => (provider === undefined ? '' : `, provider ${provider.name}`)

const linksToCome = (document: LinkDocument): string => {
  const { accounts, links = {} } = document
  const there = links.there ?? 0
  const left = accounts - there - (links.conflicts ?? 0)
  return `Links in MAS${providerOf(document)}: ${formatInteger(left)} of ${counted(accounts, 'account', 'accounts')}; ${formatInteger(there)} there already.`
}

const verdict = ({ tone, headline }: VerdictOfTwo, { paint }: TextView): string => paint(tone, `${headline}.`)

const renderLinks = (links: LinkDocument | undefined, view: TextView): readonly string[] =>
  links === undefined
    ? []
    : [
        ...section(
          links.runId === undefined ? 'Links in MAS' : `Links in MAS, run ${links.runId}`,
          linkCounts(links),
          view,
        ),
        ...renderShutOut(links, 'At MAS, and not at Keycloak', view),
        ...renderFindings(links.findings, view),
      ]

/** How many can log in nowhere anew, and the first of them. */
const renderShutOut = (links: LinkDocument | undefined, title: string, view: TextView): readonly string[] => {
  const { count = 0, samples = [] } = onlyAtSecond(links) ?? {}
  const more = count - samples.length
  return section(
    count === 0 ? title : `${title}: ${counted(count, 'account', 'accounts')}`,
    [...samples, ...(samples.length > 0 && more > 0 ? [`and ${formatInteger(more)} more`] : [])].map((text) =>
      paragraph(visible(text), view, '  '),
    ),
    view,
  )
}
