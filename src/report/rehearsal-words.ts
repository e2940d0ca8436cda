import { formatCount, formatDuration } from '../terminal/numbers.ts'
import type { Night, RehearsalDocument, RehearsalStep, RehearsalUnproved } from './rehearsal-document.ts'
import { failureReasons } from './rehearsal-reasons.ts'

/** `Rehearsal 20261123-120501-1k7vq0c8m2xha. People: made-up homeserver of 20,000 accounts. On: PostgreSQL 18.4 in a container.` */
export const rehearsedSentence = ({
  id,
  people,
  services,
}: Pick<RehearsalDocument, 'id' | 'people' | 'services'>): string =>
  `Rehearsal ${id}. People: ${people.what}. On: ${services.join(', ')}.`

export const UNPROVED_NAMES: Readonly<Record<RehearsalUnproved['what'], string>> = {
  logins: 'logins',
  tokens: 'old tokens',
  sso: 'single sign-on',
  rollback: 'rollback',
}

export const STEP_RESULTS: Readonly<Record<RehearsalStep['outcome'], string>> = {
  ok: 'passed',
  failed: 'failed',
  skipped: 'skipped',
}

/** The steps as they are to be read: one that came to its end has failed all the same where what it found is wrong. */
export const judgedSteps = (document: RehearsalDocument): readonly RehearsalStep[] => {
  const reasons = failureReasons(document)
  return document.steps.map((one) => {
    const words = reasons.filter(({ step }) => step === one.step).map((reason) => reason.words)
    return words.length === 0 ? one : { ...one, outcome: 'failed', why: words.join(' ') }
  })
}

/** `logins, old tokens`; empty where everything was tried. */
export const unprovedNames = ({ unproved }: Pick<RehearsalDocument, 'unproved'>): string =>
  [...new Set(unproved.map(({ what }) => UNPROVED_NAMES[what]))].join(', ')

/** `Between 4 min and 9 min to migrate and verify 48,210 accounts with 414,148 rows.` */
export const nightSentence = ({ accounts, rows, milliseconds: { least, most } }: Night): string => {
  const [from, to] = [formatDuration(least), formatDuration(most)]
  return `${from === to ? `About ${from}` : `Between ${from} and ${to}`} to migrate and verify ${formatCount(accounts, 'account', 'accounts')} with ${formatCount(rows, 'row', 'rows')}.`
}
