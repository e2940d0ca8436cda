import { visible } from '../../terminal/visible.ts'
import type { NextStep } from '../next-steps.ts'
import { commandLines, paragraph, section, type TextView } from './section.ts'

/** How to go on, each way with what to type. */
export const nextSection = (steps: readonly NextStep[], view: TextView): readonly string[] =>
  section(
    'Next',
    steps.flatMap(({ text, commands }) => [
      paragraph(visible(text), view, '  '),
      ...commandLines(commands, view, '      '),
    ]),
    view,
  )
