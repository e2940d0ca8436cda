import { formatDuration } from '../terminal/numbers.ts'
import type { Forecast, LaterWork } from './plan-parts.ts'

type Told = Pick<Forecast, 'seconds' | 'downtimeSeconds' | 'phases'>

/** Only a copy aside is proved: without that, and without a downtime, it goes to people who are at the target. */
const whoCanLogIn = ({ phases }: Pick<Told, 'phases'>): string =>
  phases.some(({ phase }) => phase === 'prove')
    ? 'people can log in meanwhile'
    : 'people of the target can log in meanwhile, those of a stopped Synapse cannot'

/** For how long nobody can log in; a verification before the target is switched on takes its own time. */
export const downtimeSentence = (forecast: Told): string =>
  forecast.downtimeSeconds === 0
    ? `${whoCanLogIn(forecast)}.`
    : `${formatDuration(forecast.downtimeSeconds * 1000)} of it nobody can log in; verifying before the target starts comes on top.`

/** `About 4 min 10 s; 3 min 2 s of it nobody can log in; verifying before the target starts comes on top.` */
export const forecastSentence = (forecast: Told): string =>
  `About ${formatDuration(forecast.seconds * 1000)}; ${downtimeSentence(forecast)}`

const LATER: Readonly<Record<LaterWork, string>> = {
  verify: 'proving it (syn2op verify)',
  rollback: 'taking it back (syn2op rollback)',
}

/**
 * `This follows from the limits of the plan free. Afterwards proving it (syn2op verify) would take about 14 h, taking it back
 * (syn2op rollback) about 15 h.` Undefined where there is nothing of the kind to say.
 */
export const laterSentence = ({
  basis,
  afterwards = [],
}: Pick<Forecast, 'basis' | 'afterwards'>): string | undefined => {
  const [first, ...others] = afterwards.map(
    ({ what, seconds }) => [LATER[what], formatDuration(seconds * 1000)] as const,
  )
  const later =
    first === undefined
      ? []
      : [
          [
            `Afterwards ${first[0]} would take about ${first[1]}`,
            ...others.map(([what, duration]) => `${what} about ${duration}`),
          ].join(', '),
        ]
  const sentences = [...(basis === undefined ? [] : [`This follows from ${basis}`]), ...later]
  return sentences.length === 0 ? undefined : `${sentences.join('. ')}.`
}
