import { markdownTable } from 'markdown-table'
import { median } from '../measure.ts'
import type { Road, Turn } from './turn.ts'

export interface MeasuredSize {
  /** Users in the realm before anybody came. */
  readonly present: number
  readonly turns: readonly Turn[]
}

const OURS: Road = 'syn2op migrate'
const ROADS: readonly Road[] = ['POST /users, 8 at once', 'partialImport, 500 a request', OURS]

const ofRoad = ({ turns }: MeasuredSize, road: Road): readonly Turn[] => turns.filter((turn) => turn.road === road)

/** The median of the turns' accounts a second. */
export const paceOf = (size: MeasuredSize, road: Road): number => median(ofRoad(size, road).map(({ pace }) => pace))

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
const all = (values: readonly number[]): string => values.map(whole).join(', ')
const mebibytes = (bytes: number): string => `${whole(bytes / 2 ** 20)} MiB`

const rowOf = (size: MeasuredSize, road: Road): readonly string[] => {
  const turns = ofRoad(size, road)
  const peaks = turns.flatMap(({ peakBytes }) => peakBytes ?? [])
  return [
    whole(size.present),
    road,
    all([...new Set(turns.map(({ accounts }) => accounts))]),
    whole(paceOf(size, road)),
    all(turns.map(({ pace }) => pace)),
    turns.map(({ windows = [] }) => all(windows)).join(' · '),
    road === OURS ? '' : (paceOf(size, OURS) / paceOf(size, road)).toFixed(2),
    peaks.length === 0 ? '' : mebibytes(Math.max(...peaks)),
  ]
}

const HEAD = [
  'users in the realm',
  'road',
  'accounts a turn',
  'accounts/s, median',
  'each turn',
  'windows of each turn',
  'ours is faster by',
  'memory',
]

/** Everything as one table in Markdown. */
export const measuredTable = (sizes: readonly MeasuredSize[]): string =>
  markdownTable([HEAD, ...sizes.flatMap((size) => ROADS.map((road) => rowOf(size, road)))])
