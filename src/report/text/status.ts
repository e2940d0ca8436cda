import { createPaint } from '../../terminal/colour.ts'
import { formatInteger } from '../../terminal/numbers.ts'
import { visible } from '../../terminal/visible.ts'
import { counted } from '../counted.ts'
import { unprovedSentence } from '../stage-words.ts'
import type { SourceStatus, StatusDocument, TargetStatus } from '../status.ts'
import { formatMoment } from '../words.ts'
import { nextSection } from './next-section.ts'
import { renderRunTable } from './runs.ts'
import { facts, paragraph, section, type TextOptions, type TextView } from './section.ts'
import { renderStages } from './stages.ts'

/** Where a migration stands, on one screen. */
export const renderStatus = (document: StatusDocument, { width, colour, given = {} }: TextOptions): string => {
  const view: TextView = { width, paint: createPaint(colour), given }
  const { source, target, runs, next, stages, changedSince, folder } = document
  const parts = [
    [
      view.paint('heading', 'syn2op status'),
      ...facts(
        [
          ['Source', visible(sourceText(source))],
          ['Target', visible(targetText(target))],
          ...(changedSince === undefined ? [] : [['Since then', changedText(changedSince)] as const]),
          ...passwordsOf(target).map((text) => ['Passwords', text] as const),
          ...notProved(target).map((text) => ['Not proved', visible(text)] as const),
        ],
        view,
      ),
    ].join('\n'),
    ...section('Cohorts', renderStages(stages, view), view),
    ...section(
      'Last runs',
      [runs.length === 0 ? paragraph(`None has a record in ${visible(folder)}.`, view) : renderRunTable(runs, view)],
      view,
    ),
    ...nextSection(next, view),
  ]
  return `${parts.join('\n\n')}\n`
}

const NOT_ASKED = 'not asked: its configuration was not given'

const sourceText = (source: StatusDocument['source']): string => {
  if (source === 'not asked') return NOT_ASKED
  if ('code' in source) return `does not answer: ${source.message}`
  return `${source.location}, PostgreSQL ${source.postgres}${source.replica ? ' (replica)' : ''}; ${usersText(source)}`
}

const usersText = ({ connections }: SourceStatus): string =>
  connections.length === 0
    ? 'nobody else is connected'
    : `Synapse may run: ${counted(connections.length, 'other connection', 'other connections')} (${[...new Set(connections)].slice(0, 3).join(', ')})`

const targetText = (target: StatusDocument['target']): string => {
  if (target === 'not asked') return NOT_ASKED
  if ('code' in target) return `does not answer: ${target.message}`
  return `${target.product} at ${target.location}: ${stateText(target)}`
}

const stateText = ({ product, state, since, final }: TargetStatus): string => {
  const when = since === undefined ? '' : ` as of ${formatMoment(since)}`
  switch (state) {
    case 'empty':
      return 'empty, nobody is there yet'
    case 'online':
      return since === undefined
        ? `half filled by a run that is at work or died; ${product} cannot start on it`
        : `a copy stands aside${when}; ${product} cannot start on it until the final run`
    case 'migrated':
      return final ? `migrated${when}, and final` : `migrated${when}`
    case 'people':
      return 'it has people of its own, and none of ours'
    case 'unknown':
      return 'it keeps no record of runs'
  }
}

const notProved = (target: StatusDocument['target']): readonly string[] =>
  target === 'not asked' || 'code' in target || target.unproved === undefined ? [] : [unprovedSentence(target.unproved)]

const passwordsOf = (target: StatusDocument['target']): readonly string[] => {
  if (target === 'not asked' || 'code' in target || target.passwords === undefined) return []
  const { anew, asMoved, without } = target.passwords
  return [
    `${formatInteger(anew)} hashed anew by ${target.product}, ${formatInteger(asMoved)} still as Synapse hashed them; ${counted(without, 'account has none', 'accounts have none')}`,
  ]
}

const changedText = ({ changed, gone, unchanged, waiting }: NonNullable<StatusDocument['changedSince']>): string => {
  const what =
    changed + gone === 0
      ? `nothing changed in ${counted(unchanged, 'account', 'accounts')}`
      : `${counted(changed, 'account is', 'accounts are')} new or changed, ${formatInteger(gone)} gone, ${formatInteger(unchanged)} unchanged`
  return waiting === 0
    ? what
    : `${what}; ${counted(waiting, 'account waits for its', 'accounts wait for their')} cohort`
}
