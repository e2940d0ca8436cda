import { RELATION_NAMES } from '../../accounts/relations.ts'
import { verdictOf as verdictOfFindings } from '../../findings/accept.ts'
import { createPaint } from '../../terminal/colour.ts'
import { formatInteger } from '../../terminal/numbers.ts'
import { type Column, renderTable } from '../../terminal/table.ts'
import { visible } from '../../terminal/visible.ts'
import { counted } from '../counted.ts'
import type { LinkDocument } from '../link-document.ts'
import { placeOf } from '../place-of.ts'
import {
  areProved,
  type DocumentOfTwo,
  isShutOut,
  onlyAtSecond,
  type PlanOfTwo,
  type RunOfTwo,
  type VerifyOfTwo,
} from '../two-targets.ts'
import { findingsOfTwo, moveLines, predictionsOfTwo } from '../two-targets-words.ts'
import { formatMoment } from '../words.ts'
import { renderFindings } from './findings.ts'
import { renderForecast } from './forecast.ts'
import { linkCounts } from './link.ts'
import { renderPredictions } from './predictions.ts'
import { renderOneOfTwo } from './render-text.ts'
import { facts, paragraph, section, type TextOptions, type TextView } from './section.ts'

/** What becomes, or became, of two targets that are filled together, in the order in which they are written. */
export const renderTwoTargets = (document: DocumentOfTwo, { width, colour, detail }: TextOptions): string => {
  const view: TextView = { width, paint: createPaint(colour), detail: detail ?? 'all' }
  const parts = [...body(document, view), ...steps(document, view)]
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
    ...section(
      'What is written in which order',
      order(links).map((text) => paragraph(visible(text), view, '  ')),
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

const order = (links: LinkDocument | undefined): readonly string[] => [
  '1. Keycloak: people with their passwords and SSO identities. Synapse may run.',
  '2. MAS: accounts, e-mails, devices, sessions and tokens.',
  links === undefined ? '3. The links in MAS, which were not looked at.' : `3. ${linksToCome(links)}`,
]

const linksToCome = ({ accounts, links = {}, provider }: LinkDocument): string => {
  const there = links.there ?? 0
  const left = accounts - there - (links.conflicts ?? 0)
  const by = provider === undefined ? '' : `, provider ${provider.name}`
  return `Links in MAS${by}: ${formatInteger(left)} of ${counted(accounts, 'account', 'accounts')}; ${formatInteger(there)} there already.`
}

interface Verdict {
  readonly tone: 'good' | 'attention' | 'bad'
  readonly headline: string
}

const verdict = ({ tone, headline }: Verdict, { paint }: TextView): string => paint(tone, `${headline}.`)

const planVerdict = (findings: Parameters<typeof verdictOfFindings>[0]): Verdict => {
  switch (verdictOfFindings(findings)) {
    case 'errors':
      return { tone: 'bad', headline: 'Errors stand in the way: neither of the two is written before all are gone' }
    case 'warnings':
      return { tone: 'attention', headline: 'There are warnings to acknowledge' }
    case 'clear':
      return { tone: 'good', headline: 'Ready to migrate to both' }
  }
}

const runVerdict = ({ runs, links }: RunOfTwo): Verdict => {
  if (links !== undefined) {
    return {
      tone: isShutOut(links) ? 'attention' : 'good',
      headline: `Both are filled, and their people linked${exception(links)}`,
    }
  }
  if (runs.at(-1)?.road === 'online') {
    return {
      tone: 'good',
      headline: 'Keycloak is up to date, and so is the copy for MAS; links come with the final run',
    }
  }
  return { tone: 'attention', headline: 'It did not come to its end' }
}

const verifyVerdict = (document: VerifyOfTwo): Verdict => {
  const { links } = document
  if (!areProved(document)) return { tone: 'bad', headline: 'Not everything is as it should be' }
  if (links === undefined)
    return { tone: 'good', headline: 'Both hold what they should; links come with the final run' }
  return { tone: 'good', headline: `Both hold what they should, and so do the links${exception(links)}` }
}

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

const exception = (links: LinkDocument | undefined): string => {
  const { count = 0 } = onlyAtSecond(links) ?? {}
  return count === 0 ? '' : `, but for ${counted(count, 'account', 'accounts')} at MAS without a login at Keycloak`
}

const steps = ({ next }: DocumentOfTwo, view: TextView): readonly string[] =>
  section(
    'Next',
    next.flatMap(({ text, commands }) => [
      paragraph(visible(text), view, '  '),
      ...commands.map((command) => `      ${view.paint('command', visible(command))}`),
    ]),
    view,
  )
