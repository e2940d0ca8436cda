import { redactUrls } from '../errors/redact-urls.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { RehearsalDocument } from '../report/documents.ts'

/** What ended a rehearsal in the midst of a step. Of an error that nobody foresaw only its name is told: it may hold anything. */
export const failedStep = (step: string, error: unknown): NonNullable<RehearsalDocument['failure']> => {
  if (!(error instanceof Syn2opError)) {
    return { step, code: 'internal', message: error instanceof Error ? error.name : 'Something that is no error' }
  }
  const { code, message, problems, next } = error
  return {
    step,
    code,
    message: redactUrls(message),
    ...(problems.length === 0 ? {} : { problems: problems.map((problem) => redactUrls(problem.message)) }),
    ...(next.length === 0 ? {} : { next: next.map((each) => redactUrls(each)) }),
  }
}
