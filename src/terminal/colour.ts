import { styleText } from 'node:util'

/** What decides whether a stream gets colours. */
export interface ColourInput {
  /** The environment, as `process.env`. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether the stream is a terminal. */
  readonly isTty: boolean
}

export type Colour = 'on' | 'off'

/**
 * Whether to colour. FORCE_COLOR wins over everything ('0' and 'false' force colours off), then NO_COLOR with any
 * value but an empty one, then TERM=dumb, then the terminal itself.
 * Source: no-color.org; FORCE_COLOR as in Node's own `tty` module.
 */
export const decideColour = ({ env, isTty }: ColourInput): Colour => {
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return forced === '0' || forced === 'false' ? 'off' : 'on'
  const refused = env['NO_COLOR']
  if (refused !== undefined && refused !== '') return 'off'
  if (env['TERM'] === 'dumb') return 'off'
  return isTty ? 'on' : 'off'
}

/** What a piece of text means; never what it looks like. */
export type Role = 'heading' | 'good' | 'attention' | 'bad' | 'quiet' | 'command'

const STYLES = {
  heading: ['bold'],
  good: ['green'],
  attention: ['yellow'],
  bad: ['red'],
  quiet: ['dim'],
  command: ['cyan'],
} as const satisfies Record<Role, readonly Parameters<typeof styleText>[0][]>

/** Marks a text with what it means. */
export type Paint = (role: Role, text: string) => string

export const createPaint = (colour: Colour): Paint =>
  colour === 'off'
    ? (_role, text) => text
    : (role, text) => (text === '' ? '' : styleText([...STYLES[role]], text, { validateStream: false }))
