import { type Problem, Syn2opError } from '../errors/syn2op-error.ts'

/** A test runner shows of an error its message alone: all that is wrong, with its place, and what to do is put there. */
export const readable = (error: unknown): unknown => {
  if (!(error instanceof Syn2opError) || error.problems.length + error.next.length === 0) return error
  const { code, problems, next } = error
  const lines = [error.message, ...problems.map(problemLine), ...next.map((step) => `  next: ${step}`)]
  return new Syn2opError(code, lines.join('\n'), { problems, next, cause: error })
}

const problemLine = ({ message, at, remedy }: Problem): string => {
  const place = at === undefined ? [] : [[at.file, at.line, at.column].filter((part) => part !== undefined).join(':')]
  return `  ${[...place, message].join(' ')}${remedy === undefined ? '' : ` (${remedy.replaceAll('\n', ' ')})`}`
}
