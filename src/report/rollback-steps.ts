import { formatCount } from '../terminal/numbers.ts'
import type { NextStep } from './next-steps.ts'
import type { RollbackDocument } from './rollback-document.ts'

/** Of a run of which nobody is there: those that whoever wants people gone most likely means. */
export const otherRollbacks = ({ standing = [] }: RollbackDocument): readonly NextStep[] =>
  standing.map(({ runId, accounts }) => ({
    text: `To take back the ${formatCount(accounts, 'account', 'accounts')} that run ${runId} created:`,
    commands: [`syn2op rollback ${runId}`],
  }))

/** What to do after a rollback. */
export const rollbackSteps = (document: RollbackDocument): readonly NextStep[] => {
  const { of, runId, used, usedAccounts, tables, outcomes = [] } = document
  const others = otherRollbacks(document)
  if (others.length > 0) return others
  if (runId === undefined)
    return [
      { text: 'To do it:', commands: [`syn2op rollback ${of.name}${usedAccounts === 'keep' ? '' : ' --used remove'}`] },
    ]
  // A target that does not tell its rows keeps such accounts always.
  const rest: readonly NextStep[] =
    used > 0 && usedAccounts === 'keep' && tables.length > 0
      ? [
          {
            text: 'To take back the others too, with all that people did there:',
            commands: [`syn2op rollback ${of.name} --used remove`],
          },
        ]
      : []
  const refused: readonly NextStep[] = outcomes.some(({ outcome }) => outcome === 'rejected')
    ? [
        {
          text: 'To try again with those that were refused:',
          commands: [`syn2op rollback ${of.name}`],
        },
      ]
    : []
  const again: readonly NextStep[] =
    of.kind === 'cohort'
      ? [{ text: 'To migrate this cohort again, when it is time:', commands: [`syn2op migrate --cohort ${of.name}`] }]
      : []
  return [
    ...rest,
    ...refused,
    ...again,
    { text: 'See where the migration stands now, and how to go on:', commands: ['syn2op status'] },
  ]
}
