import type { Page } from '../../report/page.ts'
import type { ReadinessDocument, ReadinessProbe } from '../../report/readiness-document.ts'
import { conflictsLevel } from './exit.ts'
import { sentence, worstFirst } from './names.ts'

type Step = Page['next'][number]

/** What to do, worst first: of each failure its remedy, then what the configuration and the walk ask for. */
export const nextSteps = (document: ReadinessDocument): readonly Step[] => [
  ...worstFirst(document.probes)
    .filter(({ level, accepted, remedy }) => level !== 'info' && accepted === undefined && remedy.length > 0)
    .map(remedyStep),
  ...configurationSteps(document),
  ...(document.walk?.steps ?? [])
    .filter(({ outcome, remedy }) => outcome === 'failed' && remedy.length > 0)
    .map(({ step, remedy }) => stepOf(`Step ${step}`, remedy)),
]

const remedyStep = ({ code, remedy }: ReadinessProbe): Step => stepOf(code, remedy)

/** A line after one that ends in a colon is to be typed or written; everything else is said. */
const stepOf = (of: string, remedy: readonly string[]): Step => {
  const isTyped = (line: string, index: number): boolean =>
    index > 0 && remedy[index - 1]?.endsWith(':') === true && !/^[A-Z][^:]*[.]$/u.test(line)
  return {
    text: `${of}: ${remedy
      .filter((line, index) => !isTyped(line, index))
      .map(sentence)
      .join(' ')}`,
    commands: remedy.filter(isTyped),
  }
}

const configurationSteps = (document: ReadinessDocument): readonly Step[] => {
  const { configuration } = document
  if (configuration === undefined) return []
  const when = conflictsLevel(document) === 'warning' ? 'Before MAS gets the logins, in' : 'In'
  return configuration.conflicts.map(({ file, line, path, change }) => ({
    text: `${when} ${line === undefined ? file : `${file}:${line}`}, ${path}: ${sentence(change)}`,
    commands: [],
  }))
}
