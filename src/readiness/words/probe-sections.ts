import type { OutlineSection } from '../../report/outline/outline.ts'
import type { ReadinessDocument, ReadinessProbe } from '../../report/readiness-document.ts'
import { clientName, levelWords, listed, sentence, worstFirst } from './names.ts'
import type { PageDetail } from './page.ts'

/** What is wrong, field by field, and what was not asked. In all detail every probe. */
export const probeSections = ({ probes }: ReadinessDocument, detail: PageDetail): readonly OutlineSection[] => [
  {
    title: 'What is wrong',
    table: {
      columns: ['Probe', 'Level', 'What was seen'],
      names: 1,
      rows: worstFirst(probes).map((one) => [
        one.code,
        levelWords(one),
        `${sentence(one.title)} Seen: ${sentence(one.seen)}`,
      ]),
    },
  },
  {
    title: 'Field by field',
    table: {
      columns: ['Field', 'Probe', 'What is wrong', 'Who does not take it'],
      names: 2,
      rows: worstFirst(probes).flatMap(({ code, faults = [] }) =>
        faults.map(({ field, what, seen, breaks }) => [
          field,
          code,
          seen === undefined ? what : `${what}: ${seen}`,
          breaks.length === 0 ? 'each takes it' : listed(breaks.map(clientName)),
        ]),
      ),
    },
  },
  {
    title: 'Not asked',
    table: { columns: ['Probes', 'Why', 'How to have it asked'], names: 1, rows: unasked(probes) },
  },
  ...(detail === 'all' ? [everyProbe(probes)] : []),
]

const RESULTS: Readonly<Record<ReadinessProbe['result'], (probe: ReadinessProbe) => string>> = {
  'pass': () => 'passed',
  'fail': levelWords,
  'not asked': () => 'not asked',
}

const everyProbe = (probes: readonly ReadinessProbe[]): OutlineSection => ({
  title: 'Every probe',
  table: {
    columns: ['Probe', 'Result', 'Specification', 'What has to be so', 'What was seen'],
    names: 1,
    rows: probes.map((one) => [
      one.code,
      RESULTS[one.result](one),
      one.stability === 'stable' ? one.spec : `${one.spec} (unstable)`,
      one.title,
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
