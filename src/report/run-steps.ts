import type { RunDocument } from './documents.ts'
import { isDisproved } from './is-proved.ts'
import type { NextStep } from './next-steps.ts'
import { PROVE_FIRST, stageSteps } from './stage-words.ts'

const step = (text: string, ...commands: readonly string[]): NextStep => ({ text, commands })

/** What to do after a run, in order. */
export const runSteps = (run: RunDocument): readonly NextStep[] => {
  const { road, target, refused, endedEarly } = run
  if (endedEarly !== undefined) {
    const first =
      endedEarly.why === 'stopped' ? [] : [step('See what the target says of an account that it rejected:', EXPLAIN)]
    return [...first, step('What the run has written stands. Go on with it:', endedEarly.resume)]
  }
  if (isDisproved(run)) {
    return [step('See which rows differ:', 'syn2op verify'), takeBack(run)]
  }
  if (refused !== undefined) {
    return [
      step('Look at each account named above, and mend what stands in the way:', EXPLAIN),
      step('Then try again. Synapse stays stopped, or runs on as before and is stopped for the next try:', FINAL),
    ]
  }
  if (run.unrecorded !== undefined) return [step(PUT_ON_RECORD, 'syn2op migrate --resume'), PROVE]
  const next = stageSteps(run.stages ?? [], road === 'online' ? ONLINE : 'syn2op migrate')
  if (next.length > 0) return next
  if (run.limit !== undefined && leftOver(run) > 0) {
    return [step('Go on with those who are left:', road === 'online' ? ONLINE : 'syn2op migrate')]
  }
  if (road === 'online') {
    return [
      run.unproved === undefined
        ? step('Bring the copy up to date as often as you like; the last time shortly before the cut-over:', ONLINE)
        : step(PROVE_FIRST, ONLINE),
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
      step(`To have ${target.product} empty again:`, `syn2op rollback ${run.runId}`),
    ]
  }
  return [PROVE]
}

/** A stage, or the whole copy, which goes with its first run, and with a final one. */
const takeBack = ({ runId, road, cohort, limit, candidates }: RunDocument): NextStep => {
  const rollback = `syn2op rollback ${cohort ?? runId}`
  if (cohort !== undefined) {
    return step('Take this cohort back, and copy it again:', rollback, `syn2op migrate --cohort ${cohort}`)
  }
  if (limit !== undefined) {
    return step('Take these accounts back, and copy them again:', rollback, `syn2op migrate --limit ${limit}`)
  }
  return road === 'final' || candidates === undefined
    ? step('Take the copy back, and begin again:', rollback, ONLINE)
    : step('Take the copy back by the name of its first run, with `syn2op rollback`, and begin again:', LIST, ONLINE)
}

const leftOver = ({ outcomes = [] }: RunDocument): number =>
  outcomes.find(({ outcome }) => outcome === 'not attempted')?.count ?? 0

const PUT_ON_RECORD =
  'Put on record what was written, best before anybody uses it: what people have changed by then passes for somebody else’s.'
const PROVE = step('Prove that everything arrived:', 'syn2op verify')
const EXPLAIN = 'syn2op explain @user:server'
const LIST = 'syn2op runs list'
const ONLINE = 'syn2op migrate --online'
const FINAL = 'syn2op migrate --final'
