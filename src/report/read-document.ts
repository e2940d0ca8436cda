import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import type { Problem, Syn2opError } from '../errors/syn2op-error.ts'
import { causeOf } from './write-whole.ts'

/** The error of a file that cannot be taken for what it should be, with what to do instead. */
export type Unreadable = (
  message: string,
  options?: { readonly problems?: readonly Problem[]; readonly cause?: unknown },
) => Syn2opError

interface DocumentRules {
  readonly kind: string
  /** As people call it, such as `plan`. */
  readonly name: string
  readonly schema: z.ZodType
  readonly unreadable: Unreadable
}

/** Of each document so far. */
const FORMAT = 1

/** How many of a file's faults are told. */
const SHOWN = 5

export const readDocumentText = async (file: string, unreadable: Unreadable): Promise<string> => {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw unreadable(`${file} cannot be read: ${readCauseOf(error)}`, { cause: error })
  }
}

const readCauseOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES') return 'you may not read it'
  return causeOf(error) ?? 'it fails'
}

/**
 * A document of a kind as it was written; fields that this version does not know are kept.
 * @throws what `unreadable` makes, with the first of its faults.
 */
export const parseDocument = (
  file: string,
  text: string,
  { kind: wanted, name, schema, unreadable }: DocumentRules,
): unknown => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw unreadable(`${file} is no JSON, or was cut off`)
  }
  const { kind, format, syn2op } = Object(value) as Readonly<Record<string, unknown>>
  if (kind !== wanted) {
    throw unreadable(
      `${file} is ${typeof kind === 'string' ? `a document of the kind ${kind}` : 'no document of syn2op'}, not a ${name}`,
    )
  }
  if (format !== FORMAT) {
    throw unreadable(
      `${file} is a ${name} of the format ${String(format)}, by syn2op ${String(syn2op)}; this version knows format ${FORMAT}`,
    )
  }
  const { success, error } = schema.safeParse(value)
  if (!success) throw unreadable(`${file} is no ${name} as syn2op writes it`, { problems: problemsOf(error, file) })
  return value
}

const problemsOf = ({ issues }: z.ZodError, file: string): readonly Problem[] =>
  issues.slice(0, SHOWN).map(({ path, message }) => ({ message: `${path.join('.')}: ${message}`, at: { file } }))
