import { PREDICTION_REASONS } from '../../src/accounts/predictions.ts'
import { REASONS } from '../../src/accounts/reasons.ts'
import { ERRORS } from '../../src/errors/catalogue.ts'
import { EXIT } from '../../src/errors/exit-codes.ts'
import { FAMILIES } from '../../src/findings/catalogue.ts'
import type { FindingEntry } from '../../src/findings/entry.ts'
import { DELETION_REASONS } from '../../src/report/deletion-reasons.ts'
import { reasonText } from '../../src/report/words.ts'
import { CONFLICTS } from '../../src/targets/changes.ts'
import { code, pageHead, table } from './markdown.ts'

const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'Done',
  unexpected: 'Something unexpected: syn2op itself is wrong, or the target could not be restored',
  planHasChanges: 'The plan has changes (only with `--detailed-exit-code`)',
  someRejected: 'Finished, but the target rejected some accounts',
  notAllowed: 'Not allowed: credentials or privileges',
  unavailable: 'The source or the target is unavailable: try again; of `readiness`: nobody answers',
  checkErrors: 'The check found errors; of `readiness`: something keeps people out',
  checkWarnings: 'The check, or `readiness`, found warnings that nobody acknowledged',
  verifyDifferences:
    'A proof failed: the target differs from the source, `--final` found no end, or a run would not do what its plan says; of `readiness --compare`: something that people could do before cannot be done now',
  usage: 'The command line or a configuration file is wrong',
  interrupted:
    'Interrupted: an empty target is empty again, elsewhere whole accounts stand; run the same command again',
}

const reasonRows = (applies: 'account' | 'row'): readonly (readonly string[])[] =>
  Object.entries(REASONS)
    .filter(([, reason]) => reason.applies === applies)
    .map(([name, { text, why }]) => [code(name), text, why])

const remedyWords = ({ remedy, remedyAt = {} }: Pick<FindingEntry, 'remedy' | 'remedyAt'>): string =>
  [remedy, ...Object.entries(remedyAt).map(([target, text]) => `With ${code(`--target ${target}`)}: ${text}`)].join(' ')

/** docs/reference/codes.md, from the catalogues. */
export const codesPage = (): string =>
  [
    pageHead('Codes'),
    '## Exit codes',
    table(
      ['Code', 'Meaning'],
      (Object.keys(EXIT) as readonly (keyof typeof EXIT)[]).map((name) => [String(EXIT[name]), EXIT_MEANINGS[name]]),
    ),
    '## Errors',
    table(
      ['Error', 'Exit code', 'Meaning'],
      Object.entries(ERRORS).map(([name, { exit, title }]) => [code(name), String(exit), title]),
    ),
    '## Findings',
    'What `check` and `plan` tell. A warning must be acknowledged with `--accept CODE`, or in the mapping file.',
    ...Object.entries(FAMILIES).flatMap(([family, entries]) => [
      `### ${family}`,
      table(
        ['Finding', 'Severity', 'In words', 'What it means', 'What to do'],
        Object.entries(entries).map(([name, { severity, title, why, ...entry }]) => [
          code(name),
          severity,
          title,
          why,
          remedyWords(entry),
        ]),
      ),
    ]),
    '## Reasons to hold back an account',
    table(['Reason', 'In words', 'Why'], reasonRows('account')),
    '## Conflicts',
    'Where the target has people of its own. `conflicts` in the mapping says what becomes of an account that meets one.',
    table(
      ['Conflict', 'In words', 'Why'],
      Object.entries(CONFLICTS).map(([name, why]) => [
        code(name),
        reasonText(name),
        `${why[0]?.toUpperCase()}${why.slice(1)}.`,
      ]),
    ),
    '## Reasons to leave a row',
    table(['Reason', 'In words', 'Why'], reasonRows('row')),
    '## Reasons of predictions',
    'Beside those above, in the list of `--report predictions=FILE`.',
    table(
      ['Reason', 'In words'],
      Object.entries({ ...PREDICTION_REASONS, ...DELETION_REASONS }).map(([name, text]) => [code(name), text]),
    ),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n')
