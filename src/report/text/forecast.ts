import { formatDuration } from '../../terminal/numbers.ts'
import { visible } from '../../terminal/visible.ts'
import { forecastSentence, laterSentence } from '../forecast-words.ts'
import type { Forecast } from '../plan-parts.ts'
import { paragraph, type TextView } from './section.ts'

/** How long it would take, and what the time would go into. */
export const renderForecast = (forecast: Forecast | undefined, view: TextView): readonly string[] =>
  forecast === undefined
    ? []
    : [
        paragraph(forecastSentence(forecast), view),
        paragraph(
          `${forecast.phases.map(({ phase, seconds }) => `${visible(phase)} ${formatDuration(seconds * 1000)}`).join(', ')}.`,
          view,
          '  ',
        ),
        ...[laterSentence(forecast)].flatMap((later) => (later === undefined ? [] : [paragraph(later, view)])),
      ]
