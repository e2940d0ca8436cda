import { Syn2opError } from '../errors/syn2op-error.ts'
import { ALL_WARNINGS_MEANS, acceptFlags, isAboutData, verdictOf } from '../findings/accept.ts'
import type { CheckDocument } from '../report/documents.ts'
import { formatMoment } from '../report/words.ts'

/**
 * Lets a migration go on only without errors and unacknowledged warnings.
 * @throws Syn2opError check.errors or check.warnings, with the findings as problems.
 */
export const requireClear = ({ findings }: Pick<CheckDocument, 'findings'>): void => {
  const verdict = verdictOf(findings)
  if (verdict === 'clear') return
  const severity = verdict === 'errors' ? 'error' : 'warning'
  const open = findings.filter((one) => one.severity === severity && one.accepted === undefined)
  const problems = open.map(({ code, message, remedy, acceptedUntil }) => ({
    message: `${code}: ${message}${acceptedUntil === undefined ? '' : ` (the mapping accepted it until ${formatMoment(acceptedUntil)})`}`,
    ...(remedy.length === 0 ? {} : { remedy: remedy.join('\n') }),
  }))
  if (verdict === 'errors') {
    throw new Syn2opError('check.errors', 'Nothing was written: a correct migration is impossible as things are', {
      problems,
      next: ['Mend what is named above and run the command again.'],
    })
  }
  throw new Syn2opError('check.warnings', 'Nothing was written: there are warnings that nobody has acknowledged', {
    problems,
    next: open.some(({ code }) => isAboutData(code))
      ? [`Accept what you have read: ${acceptFlags(open).join(' ')}`, `${ALL_WARNINGS_MEANS}.`]
      : [
          'Mend what is named above and run the command again.',
          `Only where it is meant to be so, as in a rehearsal: ${acceptFlags(open).join(' ')}`,
        ],
  })
}
