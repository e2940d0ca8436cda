import { formatCount, formatDuration, formatInteger } from '../terminal/numbers.ts'
import type { NextStep } from './next-steps.ts'
import { BARE_COMMAND, resumeCommand, shellWord, typedCommand } from './resume-command.ts'
import type { EndedEarlyNote } from './run-parts.ts'
import type { RunEntry } from './runs-document.ts'
import { PROVE_FIRST, stageSteps, unprovedSentence } from './stage-words.ts'
import type { HeldBy, StatusDocument } from './status.ts'

const step = (text: string, ...commands: readonly string[]): NextStep => ({ text, commands })

const ONLINE = 'syn2op migrate --online'

const CONFIGURATIONS = '--synapse-config homeserver.yaml --target-config config.yaml'

/** What to type next, as things stand. */
export const statusSteps = (
  status: Pick<StatusDocument, 'source' | 'target' | 'runs' | 'stages'>,
): readonly NextStep[] => {
  const { target, stages = [] } = status
  const runs = status.runs.filter((run) => isInto(run, target))
  const heldBy = target !== 'not asked' && 'heldBy' in target ? target.heldBy : undefined
  if (heldBy !== undefined) return [step(`Wait for ${holderText(heldBy)}, which holds the target.`)]
  const [running] = runs.filter(({ state }) => state === 'running')
  if (running?.paused !== undefined) {
    return [step(`Run ${running.runId} is paused. Let it go on:`, `rm ${shellWord(running.paused)}`)]
  }
  if (running !== undefined) return [waitFor(running)]
  const open = runs.filter(({ state }) => state === 'unfinished')
  const unfinished = open.find(({ nothingWritten }) => nothingWritten === undefined) ?? open[0]
  if (unfinished !== undefined) return [resume(unfinished, target)]
  if (target === 'not asked') {
    return [step('Ask the databases too:', `syn2op status ${CONFIGURATIONS}`)]
  }
  if ('code' in target) return [step('Make the target answer, and look again:', `syn2op status ${CONFIGURATIONS}`)]
  const left = target.final ? [] : stageSteps(stages, target.state === 'online' ? ONLINE : 'syn2op migrate')
  if (left.length > 0) {
    return target.unproved === undefined
      ? left
      : [step(`${unprovedSentence(target.unproved)} See which rows differ:`, 'syn2op verify'), ...left]
  }
  switch (target.state) {
    case 'unknown':
      return runs.some(({ kind, state }) => state === 'done' && kind !== 'link' && kind !== 'rollback')
        ? [
            step('Prove that everything arrived:', 'syn2op verify'),
            step('Bring over what has changed in Synapse since, as often as you like:', 'syn2op migrate'),
          ]
        : [
            step('See what stands in the way:', 'syn2op check'),
            step('See what would become of everybody:', 'syn2op plan'),
            step('Then migrate:', 'syn2op migrate'),
          ]
    case 'empty':
      return [
        step('See what stands in the way:', 'syn2op check'),
        step('Copy while Synapse runs, as often as you like:', 'syn2op migrate --online'),
        step('Or stop Synapse, and migrate in one go:', 'syn2op migrate'),
      ]
    case 'online':
      if (target.since === undefined)
        return [step('Take back what a run left that died; every command but this one does:', 'syn2op check')]
      return [
        target.unproved === undefined
          ? step('Bring the copy up to date while Synapse runs, as often as you like:', ONLINE)
          : step(PROVE_FIRST, ONLINE),
        step('For the cut-over, stop Synapse, then:', 'syn2op migrate --final'),
      ]
    case 'migrated':
      return [step('Prove that everything arrived:', 'syn2op verify')]
    case 'people':
      return [
        step('See what would become of your people beside those of the target:', 'syn2op plan'),
        step('Then add them:', 'syn2op migrate'),
      ]
  }
}

const waitFor = ({ runId, kind, milliseconds, accounts, done, process }: RunEntry): NextStep => {
  const name = kind === 'rollback' ? `rollback ${runId}` : `run ${runId}`
  const far =
    done === undefined
      ? []
      : [
          accounts === undefined
            ? formatCount(done, 'account', 'accounts')
            : `${formatInteger(done)} of ${formatCount(accounts, 'account', 'accounts')}`,
        ]
  const since = milliseconds === undefined ? [] : [`for ${formatDuration(milliseconds)}`]
  const told = [...since, ...far].join(', ')
  const what = `Wait for ${name}, which is at work${told === '' ? '' : ` (${told})`}.`
  if (process === undefined) return step(what)
  return step(`${what} Or ask it to stop, on ${process.host}:`, `kill -INT ${process.pid}`)
}

const holderText = (heldBy: HeldBy): string =>
  heldBy === 'unknown' ? 'a process that does not say which it is' : `process ${heldBy.pid} on ${heldBy.host}`

/** Whether a run is of the target that was asked: of none, it may be of any. */
const isInto = (run: RunEntry, target: StatusDocument['target']): boolean =>
  target === 'not asked' ||
  'code' in target ||
  run.record !== 'folder' ||
  run.target === undefined ||
  run.target === `${target.product} at ${target.location}`

const EARLY: Readonly<Record<EndedEarlyNote['why'], string>> = {
  'stopped': 'was stopped, as asked',
  'too many rejected': 'ended early, since the target rejected too many accounts',
}

const resume = (
  { runId, kind, command, takesBack, endedEarly, unrecorded, nothingWritten }: RunEntry,
  target: StatusDocument['target'],
): NextStep => {
  if (kind === 'rollback') {
    return step(
      `The rollback ${runId} did not end. What it took back stays so; do the rest:`,
      typedCommand(rollbackCommand(command, takesBack)),
    )
  }
  if (kind === 'link') {
    return step(
      `Run ${runId} did not end. Of its links all are written or taken back, or none; the same command finds out:`,
      typedCommand(command ?? ['syn2op', 'link']),
    )
  }
  if (nothingWritten) {
    return step(
      `Run ${runId} did not end, and its record tells of nothing that it wrote. Begin again:`,
      typedCommand(command ?? BARE_COMMAND),
    )
  }
  const typed = resumeCommand(command ?? BARE_COMMAND)
  if (unrecorded) {
    return step(
      `Run ${runId} filled the target, whose rows stay as they are, but ended before they were on record. Put them on record, best before anybody uses them:`,
      typed,
    )
  }
  if (kind === 'load') {
    // Only the target says how far it came.
    const first = isSeen(target) ? 'takes back what it left' : 'takes back what it left, or puts it on record'
    return step(`Run ${runId} did not end. Go on with it, which first ${first}:`, typed)
  }
  return step(`Run ${runId} ${endedEarly === undefined ? 'did not end' : EARLY[endedEarly]}. Go on with it:`, typed)
}

/** By then the last run may be another one. */
const rollbackCommand = (
  command: readonly string[] = ['syn2op', 'rollback', 'last'],
  takesBack: string | undefined,
): readonly string[] => {
  const name = command.indexOf('last')
  return name < 0 || takesBack === undefined ? command : command.with(name, takesBack)
}

const isSeen = (target: StatusDocument['target']): boolean => target !== 'not asked' && !('code' in target)
