import { READINESS_DEEDS, type ReadinessDocument, type ReadinessProbe } from '../../report/readiness-document.ts'
import { kindsOf } from '../abilities/kinds.ts'
import { compareReadiness } from '../compare.ts'
import { listed } from '../listed.ts'
import { openFailures } from './exit.ts'
import { readinessHeadline } from './headline.ts'
import { clockTime, shortClientName, worstFirst } from './names.ts'

interface Terminal {
  /** Characters of a line; what is longer is cut: the page at the end has it whole. Infinity where nothing has an edge. */
  readonly width: number
}

/**
 * What is other than in the round before, a line each: what people can do, then what was mended and what broke; none where
 * nothing is. Of the first round, whether people can log in and what fails. Such as `03:12:04 UTC  people can log in: every client`.
 */
export const watchLine = (
  before: ReadinessDocument | undefined,
  now: ReadinessDocument,
  terminal: Terminal,
): readonly string[] => timed(before === undefined ? firstRound(now) : laterRound(before, now), now, terminal)

/** Who cannot log in, and what fails that nobody accepted, in a line; none where that is nothing. */
export const openLine = (now: ReadinessDocument, terminal: Terminal): readonly string[] => {
  const codes = openProbes(now).map(({ code }) => code)
  const kinds = shutKinds(now)
  const all = new Set(now.abilities.map(({ kind }) => kind)).size
  const people = kinds.length === 0 ? [] : [kinds.length === all ? 'nobody can log in' : `${listed(kinds)}: no log in`]
  const open = [...people, ...(codes.length === 0 ? [] : [codes.join(', ')])]
  return open.length === 0 ? [] : timed([`still open: ${open.join('; ')}`], now, terminal)
}

/** Kinds of clients of which none can log in. */
export const shutKinds = ({ abilities }: ReadinessDocument): readonly string[] =>
  abilities.length === 0
    ? []
    : kindsOf(abilities).flatMap(({ kind, deed, can }) => (deed === 'log in' && can === 'no' ? [kind] : []))

const timed = (lines: readonly string[], { at }: ReadinessDocument, { width }: Terminal): readonly string[] =>
  lines.map((words) => {
    const line = [...`${clockTime(at)}  ${words}`]
    return line.length <= width ? line.join('') : `${line.slice(0, width - 1).join('')}…`
  })

const openProbes = ({ probes }: ReadinessDocument): readonly ReadinessProbe[] => [
  ...openFailures(probes, 'error'),
  ...openFailures(probes, 'warning'),
]

const firstRound = (now: ReadinessDocument): readonly string[] => {
  const open = openProbes(now).map(({ code }) => code)
  const failed = worstFirst(now.probes).filter(({ code }) => open.includes(code))
  return [readinessHeadline(now), ...byCause(failed, ({ level, seen }) => `${level}: ${seen}`)]
}

/** Probes of which the same is said, in one line. */
const byCause = (probes: readonly ReadinessProbe[], words: (probe: ReadinessProbe) => string): readonly string[] =>
  [...Map.groupBy(probes, words)].map(([said, group]) => `${group.map(({ code }) => code).join(', ')}  ${said}`)

const laterRound = (before: ReadinessDocument, now: ReadinessDocument): readonly string[] => [
  ...peopleLines(before, now),
  ...probeLines(before, now),
]

const peopleLines = (before: ReadinessDocument, now: ReadinessDocument): readonly string[] => {
  const { abilities } = compareReadiness(before, now)
  return (['lost', 'gained'] as const).flatMap((change) => {
    const deeds = READINESS_DEEDS.map((deed) => {
      const clients = abilities.filter((one) => one.deed === deed && one.change === change).map(({ client }) => client)
      return { deed, clients, who: clientsWords(clients, deed, now) }
    }).filter(({ clients }) => clients.length > 0)
    const can = change === 'lost' ? 'nobody can ' : 'people can '
    const end = change === 'lost' ? ' any more' : ''
    return [...Map.groupBy(deeds, ({ who }) => who)].map(
      ([who, group]) => `${can}${listed(group.map(({ deed }) => deed))}${end}: ${who}`,
    )
  })
}

/** All that have the deed at all, a whole kind of them, or each by its name. */
const clientsWords = (clients: readonly string[], deed: string, { abilities }: ReadinessDocument): string => {
  const able = abilities.filter((one) => one.deed === deed && one.can !== 'never')
  if (able.every(({ client }) => clients.includes(client))) return 'every client'
  const kinds = Map.groupBy(able, ({ kind }) => kind)
  return [...kinds]
    .flatMap(([kind, group]) => {
      const of = group.map(({ client }) => client).filter((client) => clients.includes(client))
      return of.length > 1 && of.length === group.length ? [`every ${kind} one`] : of.map(shortClientName)
    })
    .join('; ')
}

/** What was mended and what fails now; that more can be asked than before is no news of its own. */
const probeLines = (before: ReadinessDocument, now: ReadinessDocument): readonly string[] => {
  const changes = compareReadiness(before, now).probes
  const changeOf = ({ code }: ReadinessProbe) => changes.find((one) => one.code === code)
  const open = new Set(openProbes(now))
  const mended = openProbes(before).filter((probe) => changeOf(probe)?.change === 'mended')
  const failed = worstFirst(now.probes).filter((probe) => open.has(probe) && changeOf(probe) !== undefined)
  const [only] = mended
  const seen = only === undefined ? undefined : changeOf(only)?.seen
  return [
    ...byCause(failed, (probe) => `${failedWords(changeOf(probe)?.before)}: ${probe.seen}`),
    ...(mended.length === 1 && only !== undefined && seen !== undefined
      ? [`${only.code}  mended: ${seen.join(' → ')}`]
      : []),
    ...(mended.length > 1 ? [`mended: ${mended.map(({ code }) => code).join(', ')}`] : []),
  ]
}

const failedWords = (before: string | undefined): string =>
  before === 'pass' ? 'broken' : before === 'fail' ? 'changed' : 'fails'
