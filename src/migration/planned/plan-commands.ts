import type { DecidedAccounts } from '../../report/plan-parts.ts'
import { BARE_COMMAND, shellWord, typedCommand } from '../../report/resume-command.ts'

interface PlanOf {
  readonly cohort?: string
  readonly road: DecidedAccounts['road']
}

/** What to type for a run that is bound to a plan: a copy that stands aside goes on, or ends. */
export const bindingCommand = (file: string, { cohort, road }: PlanOf): string => {
  const plan = `--plan ${shellWord(file)}`
  if (cohort !== undefined) return `syn2op migrate --cohort ${shellWord(cohort)} ${plan}`
  if (road !== 'copy') return `syn2op migrate ${plan}`
  return `syn2op migrate --online ${plan}, or with Synapse stopped: syn2op migrate --final ${plan}`
}

const NEW_PLAN = 'new-plan.json'

/** What `migrate` has and `plan` does not. */
const ONLY_MIGRATE = {
  alone: ['--online', '--final', '--resume'],
  withValue: ['--plan', '--replayed', '--limit', '--max-rejected', '--max-rate', '--concurrency'],
} as const

/**
 * What to type for a plan of what a run was to do, and for that run bound to it: with all else as it was typed.
 * @param command of the run, word by word.
 */
export const anewCommands = (
  command: readonly string[] = BARE_COMMAND,
  older: string,
  cohort: string | undefined,
): { readonly plan: string; readonly migrate: string } => {
  const part = cohort === undefined || hasFlag(command, '--cohort') ? [] : ['--cohort', cohort]
  // Only the command's own word: a cohort may have the same name.
  const shared = without(command, ONLY_MIGRATE).map((word, index) =>
    index === 1 && word === 'migrate' ? 'plan' : word,
  )
  const again = without(command, { alone: ['--resume'], withValue: ['--plan'] })
  return {
    plan: typedCommand([...shared, ...part, '--out', NEW_PLAN, '--compare', older]),
    migrate: typedCommand([...again, ...part, '--plan', NEW_PLAN]),
  }
}

const hasFlag = (command: readonly string[], flag: string): boolean =>
  command.some((word) => word === flag || word.startsWith(`${flag}=`))

interface Unwanted {
  readonly alone: readonly string[]
  readonly withValue: readonly string[]
}

const without = (command: readonly string[], { alone, withValue }: Unwanted): readonly string[] =>
  command.filter(
    (word, index) =>
      !(
        alone.includes(word) ||
        withValue.includes(word) ||
        withValue.some((flag) => word.startsWith(`${flag}=`)) ||
        withValue.includes(command[index - 1] ?? '')
      ),
  )
