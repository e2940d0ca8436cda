import { createPaint } from '../../terminal/colour.ts'
import { indented } from '../../terminal/text.ts'
import { visible } from '../../terminal/visible.ts'
import type { CanaryClaim, CanaryDocument } from '../auth0-canary-document.ts'
import { paragraph, type TextOptions, type TextView } from './section.ts'

const SIGNS: Readonly<Record<CanaryClaim['verdict'], string>> = { 'confirmed': '+', 'refuted': '!', 'not asked': '?' }

const COLOURS = { 'confirmed': 'good', 'refuted': 'bad', 'not asked': 'quiet' } as const

/** Each claim with what the tenant did, and what became of the users. */
export const renderCanary = (document: CanaryDocument, { width, colour }: TextOptions): string => {
  const { target, claims } = document
  const view: TextView = { width, paint: createPaint(colour) }
  const title = `Auth0 ${visible(target.url)}, connection ${visible(target.connection)}`
  return [
    `${view.paint('heading', title)}: ${verdict(claims)}`,
    ...claims.map((claim) => renderClaim(claim, view)),
    paragraph(removal(document), view),
  ].join('\n\n')
}

const verdict = (claims: readonly CanaryClaim[]): string =>
  (['confirmed', 'refuted', 'not asked'] as const)
    .map((kind) => `${claims.filter((claim) => claim.verdict === kind).length} ${kind}`)
    .join(', ')

const renderClaim = ({ id, says, verdict: found, seen, otherwise }: CanaryClaim, view: TextView): string =>
  [
    `${view.paint(COLOURS[found], SIGNS[found])}${indented(visible(says), view.width, '  ', ' ')}`,
    indented(`${found} (${id}): ${visible(seen)}`, view.width, '    '),
    ...(otherwise === undefined ? [] : [indented(visible(otherwise), view.width, '      ', '    → ')]),
  ].join('\n')

/** What became of the users, and how those are found who may be left. */
export const removal = ({ probes, tag }: Pick<CanaryDocument, 'probes' | 'tag'>): string => {
  if (probes === 'removed') return 'The users that were made for it are deleted.'
  const how = `Search for ${tag} under User Management, Users`
  return probes === 'kept'
    ? `The users that were made for it are kept. ${how}, and delete them when you have looked.`
    : `Some of the users that were made for it may be left, or come within two hours by an import whose answer was lost. ${how}, and delete them.`
}
