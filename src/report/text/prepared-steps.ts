import { indented } from '../../terminal/text.ts'
import { visible } from '../../terminal/visible.ts'
import type { PrepareAction, PreparedStep, ShownByHand, ShownField } from '../prepared-step.ts'
import { paragraph, type TextView } from './section.ts'

const SIGNS: Readonly<Record<PreparedStep['kind'], string>> = { create: '+', change: '~', run: '*' }

const UNDOING: Readonly<Record<PreparedStep['kind'], string>> = { create: '-', change: '~', run: '*' }

const OUTCOMES: Readonly<Record<NonNullable<PreparedStep['outcome']>, string>> = {
  'done': 'done',
  'failed': 'failed',
  'not attempted': 'not attempted',
  'undone': 'taken back',
  'nothing': 'nothing to take back',
  'left': 'left as it is',
}

const count = (number: number): string => (number === 1 ? '1 step' : `${number} steps`)

/** What `prepare` shows or did, of any target. */
interface Prepared {
  readonly action: PrepareAction
  readonly steps: readonly PreparedStep[]
  readonly byHand: readonly ShownByHand[]
}

/** `3 steps to do`: after the name of what they are done to. */
export const verdictOf = ({ action, steps, byHand }: Prepared): string => {
  const withOutcome = (outcome: PreparedStep['outcome']): number =>
    steps.filter((step) => step.outcome === outcome).length
  if (action === 'applied') {
    return withOutcome('done') === steps.length
      ? `${count(steps.length)} done`
      : `${withOutcome('done')} of ${count(steps.length)} done`
  }
  if (action === 'undone') return `${count(withOutcome('undone'))} taken back`
  if (action === 'undo') {
    const back = steps.length - withOutcome('nothing') - withOutcome('left')
    return back === 0 ? 'nothing to take back' : `${count(back)} to take back`
  }
  if (steps.length > 0) return `${count(steps.length)} to do`
  return byHand.length === 0 ? 'nothing to do' : 'nothing that syn2op could do'
}

/** What was done was shown before: then only what came of it. */
export const renderStep = (step: PreparedStep, action: PrepareAction, view: TextView): string => {
  const { kind, what, why, fields, notes, outcome, note } = step
  const undoes = action === 'undo' || action === 'undone'
  const isOver = (action === 'applied' || action === 'undone') && view.detail !== 'all'
  const sign = view.paint(kind === 'create' && !undoes ? 'good' : 'attention', undoes ? UNDOING[kind] : SIGNS[kind])
  const came = outcome === undefined ? '' : ` (${OUTCOMES[outcome]})`
  return [
    `${sign}${indented(`${visible(what)}${came}`, view.width, '  ', ' ')}`,
    ...(why === undefined || isOver ? [] : [view.paint('quiet', paragraph(visible(why), view, '    '))]),
    ...(isOver ? [] : fields.map((field) => fieldLine(field, view))),
    ...(note === undefined ? [] : [indented(visible(note), view.width, '    ')]),
    ...(outcome === 'failed' || outcome === 'not attempted' ? [] : notes).map((one) =>
      indented(visible(one), view.width, '      ', '    → '),
    ),
  ].join('\n')
}

const fieldLine = ({ field, before, after }: ShownField, view: TextView): string => {
  const sign = before === undefined ? '+' : after === undefined ? '-' : '~'
  const known = field.slice(field.lastIndexOf('.') + 1)
  const values = [before, after].filter((value) => value !== undefined).map((value) => plain(value, known))
  return indented(`${visible(field)}: ${visible(values.join(' → '))}`, view.width, '        ', `    ${sign} `)
}

/** As YAML has it in one line, which breaks at spaces. @param known what the name is already told by */
const plain = (value: unknown, known?: string): string => {
  if (Array.isArray(value)) return `[${value.map((one) => plain(one)).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const entries = Object.entries(value).filter(([key, one]) => !(key === 'name' && one === known))
  return `{${entries.map(([key, one]) => `${key}: ${plain(one)}`).join(', ')}}`
}

export const renderByHand = ({ what, why, lines }: ShownByHand, view: TextView): string =>
  [
    `${view.paint('attention', '!')}${indented(`By hand: ${visible(what)}`, view.width, '  ', ' ')}`,
    view.paint('quiet', paragraph(visible(why), view, '    ')),
    ...lines.map((line) => `    ${view.paint('command', visible(line))}`),
  ].join('\n')
