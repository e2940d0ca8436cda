import type { Statistics, TableStatistics } from './statistics.ts'
import type { PrepareStep } from './step.ts'

/** Below so many rows no plan is bad enough to be felt. */
const FEW_ROWS = 1_000

/** The planner may be wrong by this factor. */
const FAR_OFF = 2

const isStale = ({ believed = 0, rows }: TableStatistics): boolean => rows >= FEW_ROWS && rows > believed * FAR_OFF

/** Has the tables counted anew; undefined where the planner knows them well enough. */
export const statisticsStep = (statistics: Statistics): PrepareStep | undefined => {
  const stale = statistics.filter(isStale)
  if (stale.length === 0) return undefined
  return {
    id: 'statistics',
    what: `Have PostgreSQL count ${stale.map(({ table }) => table).join(', ')} anew`,
    why: 'Its planner takes them for much smaller than they are, and each account takes up to four times as long.',
    work: { kind: 'statistics' },
    keepers: [],
    noWayBack: 'Counting changes nothing but what the planner knows; PostgreSQL does it by itself every so often.',
    notes: [],
  }
}
