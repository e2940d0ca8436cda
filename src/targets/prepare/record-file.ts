import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import { causeOf, writeWhole } from '../../report/write-whole.ts'

/** How the names of all records begin. */
export const RECORD_PREFIX = 'prepare-undo-'

/**
 * `prepare-undo-20261122-173000-123.json`: sorts by time.
 * @param at ISO 8601
 */
export const recordFile = (runs: string, { at }: { readonly at: string }): string => {
  const [date = '', time = '', milliseconds = ''] = at.replaceAll(/[-:Z]/gu, '').split(/[T.]/u)
  return join(runs, `${RECORD_PREFIX}${date}-${time}-${milliseconds}.json`)
}

/**
 * Only its owner may read it, and after a power cut it is the old one or the new one.
 * @throws Syn2opError run.unwritable
 */
export const writeRecord = async (file: string, record: unknown, runs: string): Promise<void> => {
  try {
    await mkdir(runs, { recursive: true, mode: 0o700 })
    await writeWhole(file, `${JSON.stringify(record, null, 2)}\n`)
  } catch (error) {
    throw new Syn2opError('run.unwritable', `${file} cannot be written: ${causeOf(error) ?? 'it fails'}`, {
      cause: error,
      next: ['Name a folder that you may write to: --runs-dir FOLDER'],
    })
  }
}

/**
 * @param command that writes such records: `syn2op keycloak prepare`
 * @throws Syn2opError usage where the file cannot be read, or is another one
 */
export const readRecordAs = async <Shape extends z.ZodType>(
  file: string,
  shape: Shape,
  command: string,
): Promise<z.output<Shape>> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Syn2opError('usage', `${file} cannot be read: ${causeOf(cause) ?? 'it fails'}`, {
      cause,
      next: [`Name the file that \`${command} --apply\` wrote.`],
    })
  })
  const parsed = shape.safeParse(parseOrNothing(text))
  if (parsed.success) return parsed.data
  throw new Syn2opError('usage', `${file} is no record of ${command}`, {
    next: [`Name the file that \`${command} --apply\` wrote, as it wrote it.`],
  })
}

const parseOrNothing = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
