import type { OutlineSection } from '../../report/outline/outline.ts'
import type { ReadinessDocument, ReadinessProbe } from '../../report/readiness-document.ts'
import { clientName, levelWords, sentence, worstFirst } from './names.ts'
import type { PageDetail } from './page.ts'

/** What is wrong, field by field, and what was not asked. In all detail every probe. */
export const probeSections = ({ probes }: ReadinessDocument, detail: PageDetail): readonly OutlineSection[] => [
  failures(
    'What is wrong',
    worstFirst(probes).filter(({ level }) => level !== 'info'),
  ),
  {
    title: 'Field by field',
    table: {
      columns: ['Field', 'Probe', 'Who does not take it', 'What is wrong'],
      names: 2,
      rows: worstFirst(probes).flatMap(({ code, faults = [] }) =>
        faults.map(({ field, what, seen, breaks }) => [
          field,
          code,
          breaks.length === 0 ? '–' : breaks.map(clientName).join(', '),
          seen === undefined ? what : `${what}: ${seen}`,
        ]),
      ),
    },
  },
  failures(
    'Good to know',
    worstFirst(probes).filter(({ level }) => level === 'info'),
  ),
  {
    title: 'Not asked',
    table: { columns: ['Probes', 'Why', 'How to have it asked'], names: 1, rows: unasked(probes) },
  },
  ...(detail === 'all' ? [everyProbe(probes)] : []),
]

const failures = (title: string, probes: readonly ReadinessProbe[]): OutlineSection => ({
  title,
  table: {
    columns: ['Probe', 'Level', 'What was seen, and what has to be so'],
    names: 1,
    rows: probes.map((one) => [
      one.code,
      levelWords(one),
      `${sentence(one.seen)} What has to be so: ${sentence(uncapitalised(one.title))}`,
    ]),
  },
})

/** Within a sentence; a name such as MAS stays as it is. */
const uncapitalised = (words: string): string => words.replace(/^[A-Z](?=[a-z ])/u, (letter) => letter.toLowerCase())

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

/** Probes that were not asked for the same reason are told together. */
const unasked = (probes: readonly ReadinessProbe[]): readonly (readonly string[])[] => {
  const groups = new Map<string, { codes: readonly string[]; why: string; how: string }>()
  for (const { code, result, seen, remedy } of probes) {
    if (result !== 'not asked') continue
    const how = remedy.map(sentence).join(' ')
    const key = JSON.stringify([seen, how])
    const codes = [...(groups.get(key)?.codes ?? []), code]
    groups.set(key, { codes, why: sentence(seen), how })
  }
  return [...groups.values()].map(({ codes, why, how }) => [codes.join(', '), why, how])
}
