import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'

/** A step of an action or a job, as far as ours use them. */
export interface GithubStep {
  readonly name?: string
  readonly id?: string
  readonly if?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, string | number | boolean>>
  readonly shell?: string
  readonly env?: Readonly<Record<string, string>>
  readonly run?: string
}

export interface GithubAction {
  readonly inputs: Readonly<Record<string, { readonly required?: boolean; readonly default?: string }>>
  readonly outputs: Readonly<Record<string, { readonly value: string }>>
  readonly runs: { readonly using: string; readonly steps: readonly GithubStep[] }
}

export interface GithubWorkflow {
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly strategy: { readonly matrix: { readonly include: readonly Readonly<Record<string, string>>[] } }
        readonly steps: readonly GithubStep[]
      }
    >
  >
}

/** What a step may say; GitHub has more, and a runner that passed over one would prove nothing. */
const STEP_KEYS = new Set(['name', 'id', 'if', 'uses', 'with', 'shell', 'env', 'run'])

const checkSteps = (steps: readonly GithubStep[]): void => {
  for (const step of steps)
    for (const key of Object.keys(step))
      if (!STEP_KEYS.has(key)) throw new Error(`The runner of the tests does not know “${key}” of a step`)
}

export const readAction = async (file: string): Promise<GithubAction> => {
  const action = parse(await readFile(file, 'utf8')) as GithubAction
  if (action.runs.using !== 'composite') throw new Error(`${file} is no composite action`)
  checkSteps(action.runs.steps)
  return action
}

export const readWorkflow = async (file: string): Promise<GithubWorkflow> => {
  const workflow = parse(await readFile(file, 'utf8')) as GithubWorkflow
  for (const { steps } of Object.values(workflow.jobs)) checkSteps(steps)
  return workflow
}
