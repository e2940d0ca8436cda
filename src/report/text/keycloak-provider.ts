import { createPaint } from '../../terminal/colour.ts'
import { formatInteger } from '../../terminal/numbers.ts'
import { indented } from '../../terminal/text.ts'
import { visible } from '../../terminal/visible.ts'
import type { KeycloakProviderDocument } from '../keycloak-provider-document.ts'
import { facts, section, type TextOptions, type TextView } from './section.ts'

const DONE: Readonly<Record<KeycloakProviderDocument['outcome'], string>> = {
  written: 'Wrote',
  replaced: 'Replaced',
  unchanged: 'There already:',
}

/** What `keycloak provider` wrote, and what is left to do, numbered. */
export const renderKeycloakProvider = (document: KeycloakProviderDocument, { width, colour }: TextOptions): string => {
  const { file, outcome, version, bytes, sha256, next } = document
  const view: TextView = { width, paint: createPaint(colour) }
  const about = [
    ['Version', version],
    ['Size', `${formatInteger(bytes)} bytes`],
    ['SHA-256', sha256],
  ] as const
  const steps = next.map((step, index) => indented(step, width, '   ', `${index + 1}. `))
  return [
    [`${DONE[outcome]} ${visible(file)}`, ...facts(about, view)].join('\n'),
    ...section('Next', steps, view),
  ].join('\n\n')
}
