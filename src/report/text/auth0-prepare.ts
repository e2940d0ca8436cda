import { createPaint } from '../../terminal/colour.ts'
import { indented } from '../../terminal/text.ts'
import { visible } from '../../terminal/visible.ts'
import type { Auth0PrepareDocument } from '../auth0-prepare-document.ts'
import type { PrepareAction, PreparedStep, ShownRequest } from '../prepared-step.ts'
import { shellWord } from '../resume-command.ts'
import { renderByHand, renderStep, verdictOf } from './prepared-steps.ts'
import { commandLines, type TextOptions, type TextView } from './section.ts'

/** The steps with their fields and requests, and what is left to people. */
export const renderAuth0Prepare = (
  document: Auth0PrepareDocument,
  { width, colour, detail = 'all', given = {} }: TextOptions,
): string => {
  const view: TextView = { width, paint: createPaint(colour), detail, given }
  const { target, steps, byHand, action, undoFile } = document
  return [
    `${view.paint('heading', `Auth0 ${visible(target.url)}, connection ${visible(target.connection)}`)}: ${verdictOf(document)}`,
    ...steps.map((step) => [renderStep(step, action, view), ...requestLines(step, action, view)].join('\n')),
    ...byHand.map((one) => renderByHand(one, view)),
    ...(action === 'applied' && undoFile !== undefined
      ? [
          [
            'To take it back:',
            ...commandLines([`syn2op auth0 prepare --undo ${shellWord(undoFile)}`], view, '  '),
          ].join('\n'),
        ]
      : []),
  ].join('\n\n')
}

/** What is asked of Auth0, as long as it is not done. */
const requestLines = ({ requests }: PreparedStep, action: PrepareAction, view: TextView): readonly string[] =>
  action === 'plan' || action === 'undo'
    ? requests.map((request) =>
        view.paint('quiet', indented(visible(requestWords(request)), view.width, '        ', '    ')),
      )
    : []

const requestWords = ({ method, path, body }: ShownRequest): string => {
  const asked = `${method} /api/v2/${path}`
  if (body !== undefined) return `${asked} ${JSON.stringify(body)}`
  return method === 'PATCH' ? `${asked} with all options, these of them changed` : asked
}
