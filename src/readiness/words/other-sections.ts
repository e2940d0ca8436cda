import type { OutlineSection } from '../../report/outline/outline.ts'
import type {
  ReadinessConfiguration,
  ReadinessDocument,
  ReadinessMessage,
  ReadinessWalk,
} from '../../report/readiness-document.ts'
import type { PageDetail } from './page.ts'

/** The configuration, the walk, and what was left behind. */
export const otherSections = (
  { configuration, walk, left }: ReadinessDocument,
  detail: PageDetail,
): readonly OutlineSection[] => [
  ...(configuration === undefined ? [] : [configurationSection(configuration)]),
  ...(walk === undefined ? [] : walkSections(walk, detail)),
  { title: 'Left behind', sentences: left },
]

const configurationSection = ({ conflicts, files, unreadable }: ReadinessConfiguration): OutlineSection => ({
  title: 'What keeps this Synapse from starting under MAS',
  sentences: [
    ...(conflicts.length === 0 ? [`Nothing in ${files.join(', ')}.`] : []),
    ...(unreadable.length === 0 ? [] : [`Not read, and so not judged: ${unreadable.join(', ')}.`]),
  ],
  table: {
    columns: ['Setting', 'Where', 'Change'],
    names: 2,
    rows: conflicts.map(({ path, file, line, change }) => [
      path,
      line === undefined ? file : `${file}:${line}`,
      change,
    ]),
  },
})

const OUTCOMES = { ok: 'as it has to be', differs: 'differs', failed: 'failed', skipped: 'skipped' } as const

const walkSections = ({ as, steps }: ReadinessWalk, detail: PageDetail): readonly OutlineSection[] => [
  {
    title: `The way of ${as}`,
    table: {
      columns: ['Step', 'Outcome', 'Time', 'What was found'],
      names: 1,
      rows: steps.map(({ step, outcome, milliseconds, words }) => [step, OUTCOMES[outcome], { milliseconds }, words]),
    },
  },
  ...steps.flatMap(({ step, messages, outcome }) =>
    // What went as it has to is told by its first lines.
    messages.map(({ request, answer, failure }, index): OutlineSection => {
      const lines = detail === 'all' || outcome === 'failed' || outcome === 'differs' ? wholeLines : firstLine
      return {
        title: messages.length === 1 ? `Step ${step}` : `Step ${step}, request ${index + 1}`,
        sentences: [
          ...lines(request),
          ...(answer === undefined ? [`No answer: ${failure ?? 'nothing came'}`] : lines(answer)),
        ],
      }
    }),
  ),
]

const firstLine = ({ line }: ReadinessMessage): readonly string[] => [line]

const wholeLines = ({ line, headers, body }: ReadinessMessage): readonly string[] => [
  line,
  ...headers,
  ...(body === undefined || body === '' ? [] : [body]),
]
