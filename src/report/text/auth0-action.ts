import { createPaint } from '../../terminal/colour.ts'
import { visible } from '../../terminal/visible.ts'
import type { Auth0ActionDocument } from '../auth0-action-document.ts'
import { facts, paragraph, section, type TextOptions, type TextView } from './section.ts'

const FOUND: Readonly<Record<Auth0ActionDocument['found'], string>> = {
  'absent': 'is not there',
  'other code': 'is there, and is not as this version of syn2op has it, or not deployed',
  'not bound': 'is there, and does not run at a login',
  'runs': 'runs at every login, as this version of syn2op has it',
}

/** What there is of the Action, and what was done. */
export const renderAuth0Action = (document: Auth0ActionDocument, { width, colour }: TextOptions): string => {
  const { target, name, connections, found, done, needless } = document
  const view: TextView = { width, paint: createPaint(colour) }
  const state = done.length === 0 ? FOUND[found] : inOneSentence(done)
  return [
    view.paint('heading', `Auth0 ${visible(target.url)}`),
    facts(
      [
        ['Action', visible(name)],
        ['State', state],
        ...(connections.length === 0 ? [] : ([['Links people of', connections.map(visible).join(', ')]] as const)),
      ],
      view,
    ).join('\n'),
    ...section(
      'Attention',
      needless.length === 0
        ? []
        : [
            paragraph(
              `Its application may do more than it needs: ${needless.join(', ')}. Whoever can edit Actions could use that; leave it read:users and update:users.`,
              view,
              '  ',
            ),
          ],
      view,
    ),
  ].join('\n\n')
}

const inOneSentence = (done: readonly string[]): string =>
  done.map((one, index) => (index === 0 ? one : `${one.charAt(0).toLowerCase()}${one.slice(1)}`)).join(', ')
