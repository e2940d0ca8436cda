import type { OutlineSection } from '../../report/outline/outline.ts'
import type { Page } from '../../report/page.ts'
import type { ReadinessDocument } from '../../report/readiness-document.ts'
import { readinessCases } from './cases.ts'
import { comparisonSections } from './comparison-sections.ts'
import { nextSteps } from './next.ts'
import { otherSections } from './other-sections.ts'
import { peopleSections } from './people-sections.ts'
import { probeSections } from './probe-sections.ts'
import { readinessVerdict } from './verdict.ts'

/** short: what is wrong, what was not asked, and who can do what. all: every probe too, and all reasons and messages. */
export type PageDetail = 'short' | 'all'

export interface PageOptions {
  readonly detail: PageDetail
  /** Columns of the terminal; absent: as many as it takes. */
  readonly width?: number
}

/** What readiness found, as people read it. Nothing is in it that is not in the document. */
export const readinessPage = (document: ReadinessDocument, { detail, width }: PageOptions): Page => {
  const verdict = readinessVerdict(document)
  return {
    kind: document.kind,
    title: 'Readiness',
    ...aboutWhom(document),
    at: document.at,
    syn2op: document.syn2op,
    verdict,
    sections: [
      ...peopleSections(document, detail, width),
      ...comparisonSections(document, detail),
      ...probeSections(document, detail),
      ...otherSections(document, detail),
    ].filter(hasContent),
    next: nextSteps(document),
    cases: readinessCases(document, verdict),
  }
}

const hasContent = ({ sentences = [], table }: OutlineSection): boolean =>
  sentences.length > 0 || (table !== undefined && table.rows.length > 0)

const aboutWhom = ({ homeserver, op, configuration }: ReadinessDocument): Pick<Page, 'subject' | 'about'> => ({
  subject: homeserver?.serverName ?? homeserver?.baseUrl ?? configuration?.serverName ?? op?.issuer ?? 'nobody',
  about:
    homeserver === undefined && op === undefined
      ? (configuration?.files ?? []).join(', ')
      : [withProduct(homeserver?.baseUrl, homeserver?.product), withProduct(op?.issuer, op?.product)]
          .filter((one) => one !== '')
          .join(' → '),
})

/** `https://matrix.example.org (Synapse 1.163.2)`. */
const withProduct = (address: string | undefined, product: string | undefined): string => {
  if (address === undefined) return product ?? ''
  return product === undefined ? address : `${address} (${product})`
}
