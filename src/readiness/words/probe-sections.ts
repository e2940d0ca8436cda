import { numbered } from '../../report/counted.ts'
import type { OutlineSection } from '../../report/outline/outline.ts'
import type { ReadinessDocument, ReadinessFault, ReadinessProbe } from '../../report/readiness-document.ts'
import { clientName, levelWords, sentence, shortClientName, worstFirst } from './names.ts'
import type { PageDetail } from './page.ts'
import { unaskedRows, unaskedWays } from './unasked.ts'

/** What is wrong, the fields that a client refuses, and how to see more. In all detail every field and probe. */
export const probeSections = ({ probes }: ReadinessDocument, detail: PageDetail): readonly OutlineSection[] => {
  const [wrong, known] = [
    worstFirst(probes).filter(({ level }) => level !== 'info'),
    worstFirst(probes).filter(({ level }) => level === 'info'),
  ]
  const failed = failures('What is wrong', wrong)
  if (detail === 'short') return [failed, refusedFields(probes), more(probes, known.length)]
  return [
    failed,
    everyField(probes),
    failures('Good to know', known),
    {
      title: 'Not asked',
      table: { columns: ['Probes', 'Why', 'How to have it asked'], names: 1, rows: unaskedRows(probes) },
    },
    everyProbe(probes),
  ]
}

/** What faults have wrong tells what has to be so. */
const failures = (title: string, probes: readonly ReadinessProbe[]): OutlineSection => ({
  title,
  table: {
    columns: ['Probe', 'Level', 'What was seen, and what has to be so'],
    names: 1,
    rows: probes.map((one) => [
      one.code,
      levelWords(one),
      one.faults === undefined
        ? `${sentence(one.seen)} What has to be so: ${sentence(uncapitalised(one.title))}`
        : sentence(one.seen),
    ]),
  },
})

/** Within a sentence; a name such as MAS stays as it is. */
const uncapitalised = (words: string): string => words.replace(/^[A-Z](?=[a-z ])/u, (letter) => letter.toLowerCase())

interface FaultOf extends ReadinessFault {
  readonly code: string
}

const faultsOf = (probes: readonly ReadinessProbe[]): readonly FaultOf[] =>
  worstFirst(probes).flatMap(({ code, faults = [] }) => faults.map((fault) => ({ ...fault, code })))

/** Only what some client refuses, with all fields that have the same wrong. */
const refusedFields = (probes: readonly ReadinessProbe[]): OutlineSection => {
  const refused = faultsOf(probes).filter(({ breaks }) => breaks.length > 0)
  const groups = Map.groupBy(refused, ({ code, what, breaks }) => JSON.stringify([code, what, breaks]))
  return {
    title: 'Field by field',
    table: {
      columns: ['Probe', 'Who does not take it', 'What is wrong'],
      names: 1,
      rows: [...groups.values()].flatMap((group) =>
        group
          .slice(0, 1)
          .map(({ code, field, what, breaks, seen }) => [
            code,
            breaks.map(shortClientName).join('; '),
            group.length === 1
              ? `${field} ${what}${seen === undefined ? '' : `: ${seen}`}`
              : `${what}: ${[...new Set(group.map((one) => one.field))].join(', ')}`,
          ]),
      ),
    },
  }
}

const everyField = (probes: readonly ReadinessProbe[]): OutlineSection => ({
  title: 'Field by field',
  table: {
    columns: ['Field', 'Probe', 'Who does not take it', 'What is wrong'],
    names: 2,
    rows: faultsOf(probes).map(({ field, code, what, seen, breaks }) => [
      field,
      code,
      breaks.length === 0 ? '–' : breaks.map(clientName).join(', '),
      seen === undefined ? what : `${what}: ${seen}`,
    ]),
  },
})

const more = (probes: readonly ReadinessProbe[], known: number): OutlineSection => {
  const unasked = probes.filter(({ result }) => result === 'not asked').length
  const counts = [
    ...(known === 0 ? [] : [`${numbered(known)} more to know`]),
    ...(unasked === 0 ? [] : [`${numbered(unasked)} not asked`]),
  ]
  if (counts.length === 0) return { title: 'More' }
  return { title: 'More', sentences: [`${counts.join(' and ')}; --verbose lists them.`, ...unaskedWays(probes)] }
}

const RESULTS: Readonly<Record<ReadinessProbe['result'], (probe: ReadinessProbe) => string>> = {
  'pass': () => 'passed',
  'fail': levelWords,
  'not asked': () => 'not asked',
}

const everyProbe = (probes: readonly ReadinessProbe[]): OutlineSection => ({
  title: 'Every probe',
  table: {
    columns: ['Probe', 'Specification', 'Result', 'What was seen'],
    names: 2,
    rows: probes.map((one) => [
      one.code,
      one.stability === 'stable' ? one.spec : `${one.spec} (unstable)`,
      RESULTS[one.result](one),
      one.seen,
    ]),
  },
})
