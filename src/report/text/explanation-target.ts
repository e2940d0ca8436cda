import { RELATION_NAMES } from '../../accounts/relations.ts'
import { formatInteger } from '../../terminal/numbers.ts'
import { renderTable } from '../../terminal/table.ts'
import { visible } from '../../terminal/visible.ts'
import type { AccountAtTarget, ExplanationDocument } from '../explanation.ts'
import { reasonText } from '../words.ts'
import { paragraph, type TextView } from './section.ts'

const CHANGES: Readonly<Record<AccountAtTarget['change'], string>> = {
  'create': 'It is not there; a run would create it.',
  'update': 'It is there, and a run would bring it up to date.',
  'unchanged': 'It is there as it should be.',
  'remove': 'It is there, and a run would remove it: the source no longer has it, or it is held back by now.',
  'hold back': 'It is not there, and stays away.',
  'conflict': 'A run would hold it back: somebody else is in the way.',
  'reject': 'It is not there as it should be, and the target would refuse it.',
}

const CHANGED_SINCE = 'It is there, and somebody has changed it there since: that stays.'

/** How the account stands at the target: what a run would do, and whose the rows are. */
export const renderAtTarget = (target: ExplanationDocument['target'], view: TextView): readonly string[] => {
  if (!('change' in target)) return [paragraph(`Not known: ${visible(target.message)}`, view)]
  const { change, reason, against, message, rows } = target
  const more = [reason === undefined ? undefined : reasonText(reason), against, message].filter(
    (word) => word !== undefined,
  )
  return [
    paragraph(change === 'unchanged' && rows.some(({ theirs }) => theirs > 0) ? CHANGED_SINCE : CHANGES[change], view),
    ...(more.length === 0 ? [] : [paragraph(visible(`Why: ${more.join('; ')}`), view)]),
    ...(rows.length === 0
      ? []
      : [
          renderTable(
            [
              { title: 'Rows', align: 'left' },
              { title: 'as wanted', align: 'right' },
              { title: 'to create', align: 'right' },
              { title: 'to update', align: 'right' },
              { title: 'to remove', align: 'right' },
              { title: 'theirs', align: 'right' },
              { title: 'foreign', align: 'right' },
            ],
            rows.map(({ relation, unchanged, create, update, remove, theirs, foreign }) => [
              RELATION_NAMES[relation].many,
              ...[unchanged, create, update, remove, theirs, foreign].map(formatInteger),
            ]),
            view,
          ),
        ]),
  ]
}
