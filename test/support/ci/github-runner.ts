import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseCommandFile } from './command-files.ts'
import { type ExpressionContext, fillIn, type JobStatus, runsIf } from './expression.ts'
import { type GithubStep, type GithubWorkflow, readAction } from './github-files.ts'
import { runScript } from './run-script.ts'

/** What became of a step. `elsewhere`: an action that only GitHub can run. */
export interface StepRun {
  readonly name: string
  readonly became: 'succeeded' | 'failed' | 'skipped' | 'elsewhere'
  readonly uses?: string
  readonly with?: Readonly<Record<string, string>>
  readonly output: string
}

export interface RunResult {
  readonly steps: readonly StepRun[]
  readonly outputs: Readonly<Record<string, string>>
  readonly status: JobStatus
}

/** The machine that runs a job. */
export interface Machine {
  /** The checked out repository of those who use the action. */
  readonly workspace: string
  /** Runner's own: scripts, command files, RUNNER_TEMP. */
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  /** Folders of actions that are run here, by what `uses` says. */
  readonly actions: ReadonlyMap<string, string>
}

type Outputs = Map<string, ReadonlyMap<string, string>>

interface Scope {
  readonly machine: Machine
  readonly steps: readonly GithubStep[]
  /** The contexts beside `steps` and `runner`. */
  readonly contexts: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** The folder of the action, where the steps are one's. */
  readonly action?: string
}

/** A job of a workflow, for one entry of its matrix. */
export const runJob = (
  workflow: GithubWorkflow,
  {
    job,
    matrix,
    machine,
  }: { readonly job: string; readonly matrix: Readonly<Record<string, string>>; readonly machine: Machine },
): Promise<RunResult> => {
  const { steps } = workflow.jobs[job] ?? {}
  if (steps === undefined) throw new Error(`There is no job ${job}`)
  return runSteps({ machine, steps, contexts: { matrix } }).then((result) => ({ ...result, outputs: {} }))
}

/** A composite action with inputs, as a step of a job would run it. */
export const runAction = async (
  folder: string,
  { inputs: given, machine }: { readonly inputs: Readonly<Record<string, string>>; readonly machine: Machine },
): Promise<RunResult> => {
  const action = await readAction(join(folder, 'action.yml'))
  for (const name of Object.keys(given))
    if (!Object.hasOwn(action.inputs, name)) throw new Error(`The action has no input ${name}`)
  const inputs: Record<string, string> = {}
  for (const [name, { required, default: usual }] of Object.entries(action.inputs)) {
    if (required === true && given[name] === undefined) throw new Error(`The input ${name} is required`)
    inputs[name] = given[name] ?? usual ?? ''
  }
  const { context, ...result } = await runSteps({
    machine,
    steps: action.runs.steps,
    contexts: { inputs },
    action: folder,
  })
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [name, fillIn(value, context)] as const)
  return { ...result, outputs: Object.fromEntries(outputs) }
}

interface StepsRun extends Omit<RunResult, 'outputs'> {
  readonly context: ExpressionContext
}

const runSteps = async (scope: Scope): Promise<StepsRun> => {
  const { machine } = scope
  await mkdir(temporary(machine), { recursive: true })
  const outputs: Outputs = new Map()
  const environment = new Map(Object.entries(machine.environment))
  const runs: StepRun[] = []
  let status: JobStatus = 'success'
  for (const step of scope.steps) {
    const context = contextOf(scope, outputs, status)
    const run = await runStep(step, { scope, context, outputs, environment })
    runs.push(run)
    if (run.became === 'failed') status = 'failure'
  }
  return { steps: runs, status, context: contextOf(scope, outputs, status) }
}

const temporary = ({ folder }: Machine): string => join(folder, 'temp')

/** Everything that is not there is an error, but for an output that a step has not set: GitHub takes that for empty too. */
const contextOf = ({ machine, steps, contexts }: Scope, outputs: Outputs, status: JobStatus): ExpressionContext => ({
  status,
  at: (path) => {
    const [context = '', name = '', third, output = ''] = path
    if (context === 'steps' && third === 'outputs' && path.length === 4) {
      if (!steps.some(({ id }) => id === name)) throw new Error(`No step has the id ${name}`)
      return outputs.get(name)?.get(output) ?? ''
    }
    if (context === 'runner' && name === 'temp' && path.length === 2) return temporary(machine)
    const values = Object.hasOwn(contexts, context) ? contexts[context] : undefined
    const value = values !== undefined && path.length === 2 && Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undefined) throw new Error(`Nothing is known of ${path.join('.')}`)
    return value
  },
})

interface StepContext {
  readonly scope: Scope
  readonly context: ExpressionContext
  readonly outputs: Outputs
  readonly environment: Map<string, string>
}

const runStep = async (step: GithubStep, around: StepContext): Promise<StepRun> => {
  const name = step.name ?? step.uses ?? 'a step without a name'
  if (!runsIf(step.if, around.context)) return { name, became: 'skipped', output: '' }
  if (step.uses !== undefined) return useAction(name, { ...step, uses: step.uses }, around)
  if (step.run === undefined) throw new Error(`${name} neither runs nor uses anything`)
  return runCommands(name, step.run, step, around)
}

const useAction = async (
  name: string,
  { uses, id, with: given = {} }: GithubStep & { readonly uses: string },
  { scope, context, outputs }: StepContext,
): Promise<StepRun> => {
  const inputs = Object.fromEntries(Object.entries(given).map(([key, text]) => [key, fillIn(String(text), context)]))
  const folder = scope.machine.actions.get(uses)
  if (folder === undefined) return { name, became: 'elsewhere', uses, with: inputs, output: '' }
  const run = await runAction(folder, { inputs, machine: scope.machine })
  if (id !== undefined) outputs.set(id, new Map(Object.entries(run.outputs)))
  const output = run.steps.map((each) => `## ${each.name} (${each.became})\n${each.output}`).join('\n')
  return { name, became: run.status === 'success' ? 'succeeded' : 'failed', uses, with: inputs, output }
}

const runCommands = async (
  name: string,
  commands: string,
  { id, shell, env = {} }: GithubStep,
  { scope, context, outputs, environment }: StepContext,
): Promise<StepRun> => {
  if (commands.includes('${{')) throw new Error(`${name} has an expression in its script: its text would be run`)
  if (shell !== 'bash') throw new Error(`${name} wants the shell ${shell}`)
  const { machine } = scope
  const folder = join(machine.folder, `step-${crypto.randomUUID()}`)
  const files = { output: join(folder, 'output'), env: join(folder, 'env'), path: join(folder, 'path') }
  const summary = summaryFile(machine)
  await mkdir(folder, { recursive: true })
  for (const file of Object.values(files)) await writeFile(file, '')
  await writeFile(summary, '', { flag: 'a' })
  const script = join(folder, 'script.sh')
  await writeFile(script, commands)
  const own = Object.entries(env).map(([key, text]) => [key, fillIn(text, context)] as const)
  const { code, output } = await runScript(['bash', '--noprofile', '--norc', '-eo', 'pipefail', script], {
    folder: machine.workspace,
    environment: {
      ...Object.fromEntries(environment),
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: machine.workspace,
      GITHUB_OUTPUT: files.output,
      GITHUB_ENV: files.env,
      GITHUB_PATH: files.path,
      GITHUB_STEP_SUMMARY: summary,
      RUNNER_TEMP: temporary(machine),
      ...(scope.action !== undefined && { GITHUB_ACTION_PATH: scope.action }),
      ...Object.fromEntries(own),
    },
  })
  if (id !== undefined) outputs.set(id, parseCommandFile(await readFile(files.output, 'utf8')))
  for (const [key, value] of parseCommandFile(await readFile(files.env, 'utf8'))) environment.set(key, value)
  const paths = (await readFile(files.path, 'utf8')).split('\n').filter((line) => line !== '')
  environment.set('PATH', [...paths.toReversed(), environment.get('PATH')].join(':'))
  return { name, became: code === 0 ? 'succeeded' : 'failed', output }
}

/** The file that steps write the job's summary to. GitHub has one a step, and shows them one after the other. */
export const summaryFile = ({ folder }: Machine): string => join(folder, 'summary.md')
