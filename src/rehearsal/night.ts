import { CHANGES_MODEL } from '../migration/forecast/forecast-changes.ts'
import { LOAD_MODEL } from '../migration/forecast/forecast-load.ts'
import type { PlanDocument, RehearsalDocument, RunDocument, VerifyDocument } from '../report/documents.ts'
import { accountsOf, totalRows } from '../report/totals.ts'
import { formatCount, formatDuration, formatInteger } from '../terminal/numbers.ts'

export interface RehearsedNight {
  readonly plan: PlanDocument
  /** Absent where it did not come to that: then nothing is foretold. */
  readonly run?: RunDocument
  readonly verify?: VerifyDocument
  readonly people: RehearsalDocument['people']['kind']
  /** Of a sample: how many accounts, and rows of all relations, the homeserver has that it was taken of. */
  readonly original?: Size
  readonly steps: RehearsalDocument['steps']
  /** throw-away: databases did not wait for disks. */
  readonly durability: 'throw-away' | 'usual'
  /** sqlite: the people were read from a file, which each command of the night copies to PostgreSQL anew. */
  readonly readFrom: 'postgres' | 'sqlite'
}

interface Size {
  readonly accounts: number
  readonly rows: number
}

interface Range {
  readonly least: number
  readonly most: number
}

interface Growth {
  readonly here: Size
  readonly there: Size
  /** How many times as large the homeserver is, by what counts: rows or accounts. */
  readonly times: number
}

/** What one step took here, milliseconds: how much of it is the same whatever the size, and what sorts. */
interface Measured {
  readonly whole: number
  readonly fixed: number
  /** Part of `whole` that building indexes took, which takes longer a row the more rows there are. */
  readonly sorting: number
}

/**
 * What machines and people have in them that no rehearsal shows: the night is this much shorter at least, or longer at
 * most. People that were made up tell less than those of the homeserver.
 */
const DOUBT: Readonly<Record<RehearsedNight['people'], Range>> = {
  real: { least: 0.8, most: 1.5 },
  sample: { least: 0.8, most: 1.5 },
  demo: { least: 0.6, most: 2 },
}

/** For each ten times that the homeserver is larger than what was measured, so much more may be wrong. */
const DOUBT_PER_TEN_TIMES = { least: 0.35, most: 0.5 } as const

/** Phases of a run that sort rows. */
const SORTING: ReadonlySet<string> = new Set(['keys', 'indexes', 'keys and indexes'])

/**
 * How long the migration and its verification would take in the real night, from what they took here. Databases go by rows, others
 * by accounts or by what their limits allow. Never shorter for more rows. Pure.
 */
export const nightOf = (rehearsed: RehearsedNight): RehearsalDocument['night'] => {
  const { plan, run, verify, people } = rehearsed
  // Of what ended early nobody knows how long the rest would have taken.
  if (run === undefined || verify === undefined || run.endedEarly !== undefined) return undefined
  const here = sizeOf(plan)
  if (here.accounts === 0 || here.rows === 0) return undefined
  const there = rehearsed.original ?? here
  // Only of a database it is told by which road the rows went, or which tables they filled.
  const bySql = run.road !== undefined || run.tables.length > 0
  const times = bySql ? there.rows / here.rows : there.accounts / here.accounts
  const measured = [migrateTime(rehearsed, run), verifyTime(rehearsed, verify)]
  const staging = stagingTime(rehearsed)
  const own = sumOf([...measured, ...staging].map((each) => grown(each, { here, there, times })))
  const foretold = bySql ? undefined : foretoldTime(plan, times, staging)
  const { least, most } = foretold === undefined ? doubted(own, people) : slower(doubted(own, people), foretold, people)
  return {
    ...there,
    milliseconds: { least: Math.round(least), most: Math.round(most) },
    basis: basisOf(rehearsed, { here, there, bySql, took: sum(measured.map(({ whole }) => whole)) }),
  }
}

const sizeOf = ({ relations }: PlanDocument): Size => ({
  accounts: accountsOf(relations)?.read ?? 0,
  rows: totalRows(relations).read,
})

const stepTime = (steps: RehearsedNight['steps'], name: string): number | undefined =>
  steps.find(({ step, outcome }) => step === name && outcome === 'ok')?.milliseconds

const migrateTime = ({ steps }: RehearsedNight, run: RunDocument): Measured => {
  const whole = stepTime(steps, 'migrate') ?? run.milliseconds
  const phases = sum(run.phases.map(({ milliseconds }) => milliseconds))
  const sorting = sum(run.phases.filter(({ phase }) => SORTING.has(phase)).map(({ milliseconds }) => milliseconds))
  const fixed = run.road === undefined || run.road === 'load' ? LOAD_MODEL.fixed : CHANGES_MODEL.fixed
  return {
    whole,
    fixed: Math.min(whole, fixed * 1000),
    // Phases overlap: as parts of the whole they have their share of it.
    sorting: phases === 0 ? 0 : whole * Math.min(1, sorting / Math.max(phases, 1)),
  }
}

const verifyTime = ({ steps }: RehearsedNight, { tables }: VerifyDocument): Measured => ({
  whole: stepTime(steps, 'verify') ?? sum(tables.map(({ milliseconds }) => milliseconds)),
  fixed: 0,
  sorting: 0,
})

/** Of a homeserver on SQLite, for migrate and for verify: what making the people took here is that. */
const stagingTime = ({ steps, readFrom }: RehearsedNight): readonly Measured[] => {
  if (readFrom === 'postgres') return []
  const whole = stepTime(steps, 'make the people') ?? 0
  return [0, 1].map(() => ({ whole, fixed: 0, sorting: 0 }))
}

/**
 * least: what is the same whatever the size stays, and the rest grows with it. most: everything grows, and sorting faster. Only
 * of what grows may more be wrong the larger the step.
 */
const grown = ({ whole, fixed, sorting }: Measured, { here, there, times }: Growth): Range => {
  const tens = Math.max(0, Math.log10(times))
  const slowerSorting = Math.max(1, Math.log2(there.rows + 2) / Math.log2(here.rows + 2))
  const grows = (whole - fixed) * times
  const least = fixed * Math.min(1, times) + grows / (1 + tens * DOUBT_PER_TEN_TIMES.least)
  const most = fixed * Math.max(1, times) + grows + sorting * (slowerSorting - 1) * times
  return { least, most: most * (1 + tens * DOUBT_PER_TEN_TIMES.most) }
}

/** By the limits of the target: of a run and of verifying it, and what comes before each. */
const foretoldTime = ({ forecast }: PlanDocument, times: number, before: readonly Measured[]): number | undefined => {
  if (forecast?.basis === undefined) return undefined
  const verify = forecast.afterwards?.find(({ what }) => what === 'verify')?.seconds ?? 0
  return ((forecast.seconds + verify) * 1000 + sum(before.map(({ whole }) => whole))) * times
}

const doubted = ({ least, most }: Range, people: RehearsedNight['people']): Range => ({
  least: least * DOUBT[people].least,
  most: most * DOUBT[people].most,
})

/** A target is no faster than its limits allow; what was measured here may have been slower. */
const slower = ({ most }: Range, foretold: number, people: RehearsedNight['people']): Range => ({
  least: foretold,
  most: Math.max(most, foretold * DOUBT[people].most),
})

interface Basis {
  readonly here: Size
  readonly there: Size
  readonly bySql: boolean
  readonly took: number
}

const basisOf = (rehearsed: RehearsedNight, { here, there, bySql, took }: Basis): string => {
  const { people, plan, original, durability } = rehearsed
  const those = `${formatCount(here.accounts, 'account', 'accounts')} with ${formatCount(here.rows, 'row', 'rows')}`
  const limits = !bySql && plan.forecast?.basis !== undefined ? `, and the target goes by ${plan.forecast.basis}` : ''
  const measured = `Migrating and verifying ${those} took ${formatDuration(took)} here${stagingWords(rehearsed)}${durability === 'throw-away' ? ', on databases that did not wait for disks' : ''}${limits}`
  const share = Math.round(bySql ? there.rows / here.rows : there.accounts / here.accounts)
  if (original !== undefined && share > 1) {
    return `${measured}; the homeserver has ${formatInteger(share)} times as many ${bySql ? 'rows' : 'accounts'}, so the range is wide: a sample with --full, or the homeserver itself, gives a better one.`
  }
  if (people === 'demo') {
    return `${measured}; these people are made up, and the range is for a homeserver of that size: your own, by --synapse-config, gives a better one.`
  }
  return `${measured}; other machines take another time.`
}

const stagingWords = (rehearsed: RehearsedNight): string => {
  const [once] = stagingTime(rehearsed)
  return once === undefined ? '' : `, and before each ${formatDuration(once.whole)} to copy the SQLite file`
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)

const sumOf = (ranges: readonly Range[]): Range => ({
  least: sum(ranges.map(({ least }) => least)),
  most: sum(ranges.map(({ most }) => most)),
})
