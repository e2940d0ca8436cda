import type { OutlineSection } from '../../report/outline/outline.ts'
import {
  READINESS_DEEDS,
  type ReadinessComparison,
  type ReadinessDocument,
  type ReadinessProbe,
} from '../../report/readiness-document.ts'
import { formatMoment } from '../../report/words.ts'
import { clientName, sentence, shortClientName } from './names.ts'
import type { PageDetail } from './page.ts'

/** What is other than before: what people lost and gained first, then what broke and was mended. In all detail every change. */
export const comparisonSections = (
  { comparison, probes }: ReadinessDocument,
  detail: PageDetail,
): readonly OutlineSection[] => {
  if (comparison === undefined) return []
  if (detail === 'all') return [peopleSection(comparison), probesSection(comparison)]
  const rows = [...deedRows(comparison), ...probeRows(comparison, probes)]
  return [
    {
      title: titleOf(comparison),
      sentences: rows.length === 0 ? [nothingWords(comparison)] : [],
      table: { columns: ['Change', 'What'], names: 1, rows },
    },
  ]
}

const titleOf = ({ before }: ReadinessComparison): string => `Since ${formatMoment(before)}`

const nothingWords = ({ probes, abilities }: ReadinessComparison): string =>
  probes.length === 0 && abilities.length === 0
    ? 'Nothing is other than it was.'
    : 'Nothing was lost or gained, nothing broke or was mended; --verbose lists what is told otherwise.'

const PEOPLE = ['lost', 'gained', 'moved'] as const
const PEOPLE_WORDS = { lost: 'lost', gained: 'gained', moved: 'now at the OP' } as const

/** Deeds of which the same clients lost or gained all, in one row. */
const deedRows = ({ abilities }: ReadinessComparison): readonly (readonly string[])[] =>
  PEOPLE.flatMap((change) => {
    const of = abilities.filter((one) => one.change === change)
    const deeds = READINESS_DEEDS.map((deed) => ({
      deed,
      clients: of.filter((one) => one.deed === deed).map(({ client }) => shortClientName(client)),
    })).filter(({ clients }) => clients.length > 0)
    return [...Map.groupBy(deeds, ({ clients }) => clients.join('; '))].map(([clients, group]) => [
      PEOPLE_WORDS[change],
      `${group.map(({ deed }) => deed).join(', ')}: ${clients}`,
    ])
  })

/** What broke with what is seen now, what was mended by its name. What is only good to know is in all detail. */
const probeRows = (
  { probes: changes }: ReadinessComparison,
  probes: readonly ReadinessProbe[],
): readonly (readonly string[])[] => {
  const known = new Set(probes.filter(({ level }) => level === 'info').map(({ code }) => code))
  const broken = changes.filter(({ code, change }) => change === 'broken' && !known.has(code))
  const mended = changes.filter(({ change }) => change === 'mended')
  return [
    ...broken.map(({ code, seen }) => ['broken', `${code}: ${sentence(seen[1])}`]),
    ...(mended.length === 0 ? [] : [['mended', mended.map(({ code }) => code).join(', ')]]),
  ]
}

const probesSection = ({ probes }: ReadinessComparison): OutlineSection => ({
  title: 'What the probes see otherwise',
  table: {
    columns: ['Probe', 'Change', 'Before, and now'],
    names: 1,
    rows: probes.map(({ code, change, before: was, now, seen }) => [
      code,
      change === 'other' ? 'changed' : change,
      `${was}: ${sentence(seen[0])} → ${now}: ${sentence(seen[1])}`,
    ]),
  },
})

const peopleSection = (comparison: ReadinessComparison): OutlineSection => {
  const { probes, abilities } = comparison
  return {
    title: titleOf(comparison),
    sentences: probes.length === 0 && abilities.length === 0 ? [nothingWords(comparison)] : [],
    table: {
      columns: ['Client', 'Deed', 'Change', 'Before', 'Now'],
      names: 2,
      rows: abilities.map(({ client, deed, change, before: was, now }) => [
        clientName(client),
        deed,
        change === 'other' ? 'changed' : change === 'moved' ? PEOPLE_WORDS.moved : change,
        was === 'unknown' ? 'not known' : was,
        now === 'unknown' ? 'not known' : now,
      ]),
    },
  }
}
