import type { Problem } from '../errors/syn2op-error.ts'
import type { Paint } from '../terminal/colour.ts'
import { visible, visibleLines } from '../terminal/visible.ts'
import type { ErrorView } from './error-view.ts'

const place = ({ at }: Problem): string =>
  at === undefined ? '' : `${[at.file, at.line, at.column].filter((part) => part !== undefined).join(':')}: `

const problemLines = (problem: Problem): readonly string[] => [
  `  ${visible(place(problem) + problem.message)}`,
  ...(problem.remedy === undefined ? [] : visibleLines(problem.remedy).map((line) => `    ${line}`)),
]

/** An error as people read it: what happened, every problem with its place, what to do next. */
export const renderError = (view: ErrorView, paint: Paint): string =>
  [
    `${paint('bad', 'Error:')} ${visible(view.message)} ${paint('quiet', `(${view.code})`)}`,
    ...view.problems.flatMap((problem) => problemLines(problem)),
    ...(view.next.length === 0
      ? []
      : ['', paint('heading', 'Next:'), ...view.next.map((step) => `  ${visible(step)}`)]),
    '',
  ].join('\n')
