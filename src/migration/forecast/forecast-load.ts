import type { RelationCount } from '../../report/documents.ts'
import type { Forecast } from '../../report/plan-parts.ts'
import type { LoadProbe, TableProbe } from '../../targets/road-probe.ts'

interface LoadSeen {
  readonly probe: LoadProbe
  /** What the plan itself needed until everything was counted, seconds; a migration does the same first. */
  readonly prepare: number
  readonly relations: readonly RelationCount[]
}

/**
 * What a probe cannot see, as parts of the time that copying and building take. Calibrated: docs/reference/measurements.md.
 * crowded: copies and builds of a whole load stand in each other's way more than those of a probe.
 */
export const LOAD_MODEL = { crowded: 1, foreignKeys: 0.08, finish: 0.06, record: 0.5, fixed: 0.5 } as const

interface TableTime {
  readonly copy: number
  readonly build: number
}

/** How long a load of everything would take, from the time that some rows of each table took. Pure. */
export const forecastLoad = ({ probe, prepare, relations }: LoadSeen): Forecast => {
  const times = probe.tables.map((table) => timeOf(table, rowsOf(table, relations)))
  const busy =
    seconds(
      lanesEnd(
        times.map(({ copy, build }) => copy + build),
        probe.lanes,
      ),
    ) * LOAD_MODEL.crowded
  const share = sumOf(times.map(({ copy }) => copy)) / Math.max(1, sumOf(times.map(({ copy, build }) => copy + build)))
  const phases = [
    { phase: 'prepare', seconds: prepare },
    { phase: 'copy', seconds: busy * share },
    { phase: 'keys and indexes', seconds: busy * (1 - share) },
    { phase: 'foreign keys', seconds: busy * LOAD_MODEL.foreignKeys },
    { phase: 'finish', seconds: busy * LOAD_MODEL.finish + LOAD_MODEL.fixed },
    { phase: 'record', seconds: busy * LOAD_MODEL.record },
  ].map(({ phase, seconds: took }) => ({ phase, seconds: rounded(took) }))
  const whole = sumOf(phases.map((one) => one.seconds))
  const record = phases.at(-1)?.seconds ?? 0
  return {
    seconds: rounded(whole),
    // Whoever waits for the record waits in vain: by then the target may be used.
    downtimeSeconds: rounded(whole - record),
    phases,
    measured: probe.tables.filter(({ rows, copy }) => rows >= FEW && copy > 0).flatMap(ratesOf),
  }
}

/** Of fewer rows a rate says nothing. */
const FEW = 100

const timeOf = ({ rows, startup, copy, builds }: TableProbe, all: number): TableTime => {
  if (rows === 0) return { copy: startup, build: sumOf(builds) }
  return {
    copy: startup + copy * (all / rows),
    // An index is built by sorting.
    build: sumOf(builds) * Math.max(1, (all * Math.log2(all + 1)) / (rows * Math.log2(rows + 1))),
  }
}

const rowsOf = ({ rows, isWhole, relation }: TableProbe, relations: readonly RelationCount[]): number =>
  isWhole ? rows : Math.max(rows, relations.find((one) => one.relation === relation)?.carried ?? rows)

const ratesOf = ({ table, rows, copy, builds }: TableProbe) => [
  { what: `${table}: read there and written here`, rowsPerSecond: Math.round(rows / seconds(copy)) },
  { what: `${table}: keys and indexes`, rowsPerSecond: Math.round(rows / seconds(Math.max(1, sumOf(builds)))) },
]

/** When the last of some lanes ends, each taking the next piece when it is free. */
const lanesEnd = (pieces: readonly number[], lanes: number): number => {
  const ends = Array.from({ length: Math.max(1, lanes) }, () => 0)
  for (const piece of pieces.toSorted((a, b) => b - a)) {
    const free = ends.indexOf(Math.min(...ends))
    ends[free] = (ends[free] ?? 0) + piece
  }
  return Math.max(...ends)
}

const seconds = (milliseconds: number): number => milliseconds / 1000
const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0)
const rounded = (value: number): number => Math.round(value * 10) / 10
