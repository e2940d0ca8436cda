import { createPaint } from '../../terminal/colour.ts'
import { visible, visibleLines } from '../../terminal/visible.ts'
import type { KeycloakPrepareDocument } from '../keycloak-prepare-document.ts'
import type { PreparedStep } from '../prepared-step.ts'
import { shellWord } from '../resume-command.ts'
import { renderByHand, renderStep, verdictOf } from './prepared-steps.ts'
import { commandLines, paragraph, section, type TextOptions, type TextView } from './section.ts'

/** The steps with their fields, what is left to people, and the blocks to paste. */
export const renderKeycloakPrepare = (
  document: KeycloakPrepareDocument,
  { width, colour, detail = 'all', given = {} }: TextOptions,
): string => {
  const view: TextView = { width, paint: createPaint(colour), detail, given }
  const { target, steps, byHand, wirings } = document
  return [
    `${view.paint('heading', `Keycloak ${visible(target.url)}, realm ${visible(target.realm)}`)}: ${verdictOf(document)}`,
    ...steps.map((step) => renderStep(step, document.action, view)),
    ...byHand.map((one) => renderByHand(one, view)),
    ...wirings.flatMap(({ file, block }) =>
      section(
        `For ${file}`,
        visibleLines(block).map((line) => (line === '' ? '' : `  ${line}`)),
        view,
      ),
    ),
    ...after(document, view),
  ].join('\n\n')
}

/** Of a realm that exists not all is known: importing it would delete the rest. */
const writtenTo = (file: string, steps: readonly PreparedStep[]): string =>
  steps.some(({ id }) => id === 'realm')
    ? `Wrote the realm to ${visible(file)}`
    : `Wrote what the steps add and change to ${visible(file)}: a part of the realm, not for kc.sh import`

const after = ({ action, undoFile, realmFile, steps }: KeycloakPrepareDocument, view: TextView): readonly string[] => [
  ...(realmFile === undefined ? [] : [paragraph(writtenTo(realmFile, steps), view)]),
  ...(action === 'applied' && undoFile !== undefined
    ? [
        [
          'To take it back:',
          ...commandLines([`syn2op keycloak prepare --undo ${shellWord(undoFile)}`], view, '  '),
        ].join('\n'),
      ]
    : []),
]
