import type { RunDocument } from './documents.ts'
import { isDisproved } from './is-proved.ts'
import type { NextStep } from './next-steps.ts'

const step = (text: string, ...commands: readonly string[]): NextStep => ({ text, commands })

/** What to do after a run, in order. */
export const runSteps = (run: RunDocument): readonly NextStep[] => {
  const { road, target, refused } = run
  if (isDisproved(run)) {
    return [
      step(
        `See which rows differ; what somebody wrote into the copy by hand shows as changed at ${target.product}:`,
        'syn2op verify',
      ),
      step(`Give ${target.product} an empty database, and begin again:`, ONLINE),
    ]
  }
  if (refused !== undefined) {
    return [
      step('Look at each account named above, and mend what stands in the way:', 'syn2op explain @user:server'),
      step('Then try again. Synapse stays stopped, or runs on as before and is stopped for the next try:', FINAL),
    ]
  }
  if (road === 'online') {
    return [
      step('Bring the copy up to date as often as you like; the last time shortly before the cut-over:', ONLINE),
      step('Then stop Synapse, and finish:', FINAL),
    ]
  }
  if (road === 'final') {
    return [
      step(`Tell Synapse to use ${target.product}, and start both.`),
      step(
        `Or go back: until ${target.product} runs, starting Synapse as it was is all it takes. To compare every row first:`,
        'syn2op verify',
      ),
    ]
  }
  return [step('Prove that everything arrived:', 'syn2op verify')]
}

const ONLINE = 'syn2op migrate --online'
const FINAL = 'syn2op migrate --final'
