import { z } from 'zod'
import { type Problem, Syn2opError } from '../../errors/syn2op-error.ts'

/** An access token from before the cut-over. */
export interface OldToken {
  readonly mxid: string
  /** Absent: a token of no device. */
  readonly device?: string
  /** A secret. */
  readonly token: string
}

/** An account whose password is given. */
export interface Canary {
  readonly mxid: string
  /** A secret. */
  readonly password: string
}

const mxid = z.string().regex(/^@[^:]+:.+$/u)
/** What a header can carry: RFC 6750 allows less. */
const tokenText = z.string().regex(/^[\x21-\x7e]+$/u)
const tokenLine = z.object({ mxid, device_id: z.string().nullable().optional(), token: tokenText })
const canaryLine = z.object({ mxid, password: z.string().min(1) })

/**
 * Old tokens, one a line: `mxid device_id token` (`-` for no device), or JSON with the keys `mxid`, `device_id` and
 * `token`, as a device id with blanks needs.
 * @throws Syn2opError usage, with the number of every line that is wrong, never its text.
 */
export const parseTokens = (text: string, file: string): readonly OldToken[] =>
  parseLines(text, file, 'mxid device_id token', (line) => {
    const [name, device, token, ...more] = line.split(/\s+/u)
    const fields = line.startsWith('{')
      ? json(line)
      : more.length === 0
        ? { mxid: name, device_id: device === '-' ? null : device, token }
        : undefined
    const parsed = tokenLine.safeParse(fields)
    if (!parsed.success) return undefined
    const { device_id: given, ...rest } = parsed.data
    return { ...rest, ...(given === null || given === undefined ? {} : { device: given }) }
  })

/**
 * Canaries, one a line: `mxid password`, where all after the first blank is the password, or JSON with the keys `mxid`
 * and `password`.
 * @throws Syn2opError usage, with the number of every line that is wrong, never its text.
 */
export const parseCanaries = (text: string, file: string): readonly Canary[] =>
  parseLines(text, file, 'mxid password', (line) => {
    const [, name, password] = /^(\S+)[ \t](.+)$/su.exec(line) ?? []
    const parsed = canaryLine.safeParse(line.startsWith('{') ? json(line) : { mxid: name, password })
    return parsed.success ? parsed.data : undefined
  })

const parseLines = <Entry>(
  text: string,
  file: string,
  form: string,
  parse: (line: string) => Entry | undefined,
): readonly Entry[] => {
  const lines = text
    .replace(/^\uFEFF/u, '')
    .split(/\r?\n/u)
    .map((line, index) => ({ line, number: index + 1 }))
  const entries = lines
    .filter(({ line }) => line.trim() !== '' && !line.startsWith('#'))
    .map(({ line, number }) => ({ number, entry: parse(line) }))
  const problems: readonly Problem[] = entries
    .filter(({ entry }) => entry === undefined)
    .map(({ number }) => ({ message: `Line ${number} is not \`${form}\``, at: { file, line: number } }))
  if (problems.length > 0) throw new Syn2opError('usage', `${file} cannot be understood`, { problems })
  if (entries.length === 0) throw new Syn2opError('usage', `${file} is empty`, { next: [`Each line is: ${form}`] })
  return entries.flatMap(({ entry }) => (entry === undefined ? [] : [entry]))
}

const json = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
