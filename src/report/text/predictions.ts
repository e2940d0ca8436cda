import { formatInteger } from '../../terminal/numbers.ts'
import { renderTable } from '../../terminal/table.ts'
import { visible } from '../../terminal/visible.ts'
import type { PredictionCount } from '../plan-parts.ts'
import { reasonText } from '../words.ts'
import { paragraph, type TextView } from './section.ts'

/** What will be different for people, by kind and reason. */
export const renderPredictions = (
  predictions: readonly PredictionCount[] | undefined,
  view: TextView,
): readonly string[] => {
  if (predictions === undefined) return []
  if (predictions.length === 0) return [paragraph('Nothing that we know of.', view)]
  return [
    renderTable(
      [
        { title: 'What', align: 'left' },
        { title: 'How many', align: 'right' },
        { title: 'Why', align: 'left', fit: 'wrap' },
      ],
      predictions.map(({ what, reason, count }) => [what, formatInteger(count), visible(reasonText(reason))]),
      view,
    ),
    paragraph('The whole list, by account and device: --report predictions=FILE', view),
  ]
}
