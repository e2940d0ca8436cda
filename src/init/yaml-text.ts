import { stringify } from 'yaml'
import { visible } from '../terminal/visible.ts'

/** A text as a YAML scalar on one line, quoted where it must be. */
export const scalar = (text: string): string =>
  /[\p{Cc}\u2028\u2029]/u.test(text) ? JSON.stringify(text) : stringify(text, { lineWidth: 0 }).trimEnd()

/** A text from outside behind `#`: on one line, whatever it holds. */
export const comment = (text: string): string => `# ${visible(text)}`

/** A list that is one value where it has one. */
export const oneOrMore = (texts: readonly string[]): string =>
  texts.length === 1 ? scalar(texts[0] ?? '') : `[${texts.map((text) => JSON.stringify(text)).join(', ')}]`

/** A line of a section that counts once somebody takes its # away; `comment` is for what only explains. */
export const suggestion = (line: string): string => `  # ${visible(line)}`

/** Explains what follows in a section; it never counts. */
export const remark = (text: string): string => `  ## ${visible(text)}`
