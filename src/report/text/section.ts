import type { Colour, Paint } from '../../terminal/colour.ts'
import { indented } from '../../terminal/text.ts'
import { visible } from '../../terminal/visible.ts'
import { type GivenFlags, typedAgain } from '../typed-again.ts'

/** How a text report is drawn. */
export interface TextOptions {
  /** Columns of the terminal, or of the page. */
  readonly width: number
  readonly colour: Colour
  /**
   * short: what has to be done, as a terminal shows it; of what needs nothing done only the number. all, which is also
   * what is meant when it is absent: every finding, with whom it concerns and why it matters.
   */
  readonly detail?: Detail
  /** The question that comes right below: its answer does what would else be told to be typed. */
  readonly before?: 'question'
  /** The flags that were given, for the commands to type next; absent in a file, which others read elsewhere. */
  readonly given?: GivenFlags
}

export type Detail = 'short' | 'all'

/** The same, ready to draw with. */
export interface TextView {
  readonly width: number
  readonly paint: Paint
  readonly detail?: Detail
  readonly given?: GivenFlags
}

/** A heading with what belongs to it; nothing at all when the body is empty. */
export const section = (title: string, body: readonly string[], { paint }: TextView): readonly string[] =>
  body.length === 0 ? [] : [[paint('heading', visible(title)), ...body].join('\n')]

/** What to type, in lines that are never broken: they are copied. */
export const commandLines = (
  commands: readonly string[],
  { paint, given }: TextView,
  margin: string,
): readonly string[] => commands.map((command) => `${margin}${paint('command', visible(typedAgain(command, given)))}`)

/** A wrapped paragraph with a margin. */
export const paragraph = (text: string, view: TextView, margin = ''): string => indented(text, view.width, margin)

/** Names and values in two columns, long values wrapped under themselves. */
export const facts = (pairs: readonly (readonly [string, string])[], view: TextView): readonly string[] => {
  const margin = Math.max(0, ...pairs.map(([name]) => name.length)) + 2
  return pairs.map(([name, value]) => indented(value, view.width, ' '.repeat(margin), name.padEnd(margin)))
}
