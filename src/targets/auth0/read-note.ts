import type { z } from 'zod'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { Notes } from '../earlier-runs.ts'

/**
 * What an earlier run has written down.
 * @throws Syn2opError run.unreadable where it is nothing that this version knows
 */
export const readNote = <Shape extends z.ZodType>(
  { file }: Pick<Notes, 'file'>,
  [key, text]: readonly [key: string, text: string],
  shape: Shape,
): z.output<Shape> => {
  const read = shape.safeParse(parsed(text))
  if (read.success) return read.data
  const where = file ?? 'the notes of earlier runs'
  throw new Syn2opError('run.unreadable', `${where}: the note "${key}" is none that this version of syn2op knows`, {
    next: [
      'Run the same command with the version of syn2op that made the last run into this target.',
      ...(file === undefined ? [] : [`Or move ${file} away, once no import of the last run can be at work at Auth0.`]),
    ],
  })
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
