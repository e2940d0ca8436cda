import type { NextStep } from './next-steps.ts'
import type { RollbackDocument } from './rollback-document.ts'

/** What to do after a rollback. */
export const rollbackSteps = (document: RollbackDocument): readonly NextStep[] => {
  const { of, runId, used, usedAccounts, target } = document
  if (runId === undefined)
    return [
      { text: 'To do it:', commands: [`syn2op rollback ${of.name}${usedAccounts === 'keep' ? '' : ' --used remove'}`] },
    ]
  const rest: readonly NextStep[] =
    used > 0 && usedAccounts === 'keep'
      ? [
          {
            text: 'To take back the others too, with all that people did there:',
            commands: [`syn2op rollback ${of.name} --used remove`],
          },
        ]
      : []
  return [
    ...rest,
    {
      text: `To migrate again, when it is time; whoever is at ${target.product} is found again:`,
      commands: [of.kind === 'cohort' ? `syn2op migrate --cohort ${of.name}` : 'syn2op migrate'],
    },
  ]
}
