import { formatCount, formatInteger } from '../terminal/numbers.ts'
import { visible } from '../terminal/visible.ts'
import type { InitDocument } from './init.ts'

/** What `init` did, for the terminal. */
export const renderInit = (document: InitDocument): string => {
  const { serverName, files, kept, accounts, people, unseen, findings, isWhole, next } = document
  return [
    `Wrote ${files.settings}`,
    `  and ${files.mapping}`,
    ...kept.map((copy) => `What was there before is in ${copy}`),
    '',
    accounts === undefined || people === undefined
      ? `For ${visible(serverName)}; without numbers, since the database was not looked at.`
      : `For ${visible(serverName)}: ${formatCount(accounts, 'account', 'accounts')}, ${formatInteger(people)} of people.`,
    ...(findings === undefined
      ? []
      : [
          `Today ${formatCount(findings.errors, 'error stands', 'errors stand')} in the way, and ${formatCount(findings.warnings, 'warning is', 'warnings are')} open.`,
        ]),
    ...unseen.map(({ what, why }) => `Not looked at: ${what}: ${visible(why)}`),
    '',
    isWhole
      ? 'Read both files: what is behind # is for you to decide. Then:'
      : 'Do not edit them yet. Name the configuration of the target, and both are written once more:',
    ...next.map((command) => `  ${command}`),
  ].join('\n')
}
