import type { Bound } from '../targets/progress.ts'
import { formatDuration, formatInteger, formatPercent, formatRate } from './numbers.ts'
import type { ProgressFigures } from './progress-state.ts'
import { truncate } from './text.ts'
import { visible } from './visible.ts'

/** Columns below which there is no room for a bar. */
const NARROW = 60
const BAR_WIDTH = 20

const bar = (done: number, total: number): string => {
  const filled = Math.floor((Math.min(done, total) / total) * BAR_WIDTH)
  return '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled)
}

const amount = ({ done, total, unit }: ProgressFigures): readonly string[] => {
  if (done === 0 && total === 0) return []
  if (total === 0) return [`${formatInteger(done)} ${unit}`]
  // Of rows the total is an estimate.
  const whole = unit === 'accounts' ? ` of ${formatInteger(total)}` : ''
  return [formatPercent(done, total), `${formatInteger(done)}${whole} ${unit}`]
}

const BOUNDS: Readonly<Record<Bound, string>> = {
  source: 'waits for the source',
  target: 'waits for the target',
  network: 'waits for the network',
  quota: 'waits for a quota of the target',
  rate: 'waits for --max-rate',
  paused: 'paused',
}

/** The facts of a phase in the order of what a watching person asks: how far, how fast, why no faster, since when, how long still. */
const facts = (now: ProgressFigures): readonly string[] => [
  ...amount(now),
  ...(now.rate === undefined ? [] : [formatRate(now.rate, 1000)]),
  ...(now.atWork === undefined ? [] : [`${visible(now.atWork.words)}, ${formatDuration(now.atWork.elapsed)}`]),
  ...(now.bound === undefined || now.atWork !== undefined ? [] : [BOUNDS[now.bound]]),
  formatDuration(now.elapsed),
  ...(now.left === undefined ? [] : [`about ${formatDuration(now.left)} left`]),
]

/** The phase's own line on a terminal, with a bar where there is room and something to measure. */
export const phaseLine = (now: ProgressFigures, columns: number): string => {
  const measured = columns >= NARROW && now.total > 0 ? [bar(now.done, now.total)] : []
  return truncate([visible(now.phase), ...measured, ...facts(now)].join('  '), columns)
}

/** What is being worked on, on the line below. */
export const worksLine = (now: ProgressFigures, columns: number): string => {
  const works = now.running.map(({ name, done, total }) =>
    total > 0 ? `${visible(name)} ${formatPercent(done, total)}` : `${visible(name)} ${formatInteger(done)}`,
  )
  return works.length === 0 ? '' : truncate(`  ${works.join(' · ')}`, columns)
}

/** One line for a log file: nothing moves there, so no bar. */
export const logLine = (now: ProgressFigures): string => `${visible(now.phase)}: ${facts(now).join(', ')}`

/** Said once when a phase is over. */
export const finishedLine = (now: ProgressFigures): string => {
  const done = now.done > 0 ? `, ${formatInteger(now.done)} ${now.unit}` : ''
  return `${visible(now.phase)} done in ${formatDuration(now.elapsed)}${done}`
}
