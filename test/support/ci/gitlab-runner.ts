import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { runScript, type ScriptRun } from './run-script.ts'

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** A job after `extends` is resolved, as far as our template uses it. */
export interface GitlabJob {
  readonly variables: Readonly<Record<string, string>>
  readonly before_script: readonly string[]
  readonly script: readonly string[]
  readonly after_script: readonly string[]
  readonly artifacts: {
    readonly when: string
    readonly paths: readonly string[]
    readonly reports: Readonly<Record<string, string>>
  }
  readonly services?: readonly { readonly name: string; readonly alias: string }[]
}

const isTable = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** As GitLab merges what is extended: tables by their keys, everything else is replaced. */
const merge = (base: Json | undefined, over: Json): Json => {
  if (!isTable(base) || !isTable(over)) return over
  const merged: Record<string, Json> = { ...base }
  for (const [key, value] of Object.entries(over)) merged[key] = merge(merged[key], value)
  return merged
}

const resolve = (jobs: { readonly [key: string]: Json }, name: string): Json => {
  const job = Object.hasOwn(jobs, name) ? jobs[name] : undefined
  if (!isTable(job)) throw new Error(`There is no job ${name}`)
  const { extends: base, ...own } = job
  if (base === undefined) return own
  if (typeof base !== 'string') throw new Error(`${name} extends more than the tests know`)
  return merge(resolve(jobs, base), own)
}

/** The job `name` of these files, of which later ones may override what is in earlier ones. */
export const gitlabJob = (files: readonly string[], name: string): GitlabJob => {
  const jobs = files.map((text) => parse(text) as Json).reduce((base, over) => merge(base, over), {})
  if (!isTable(jobs)) throw new Error('No jobs')
  return resolve(jobs, name) as unknown as GitlabJob
}

export interface GitlabRun {
  /** before_script and script, which are one. */
  readonly script: ScriptRun
  readonly afterScript: ScriptRun
  /** Of those that are asked for, the files and folders that are there afterwards. */
  readonly kept: readonly string[]
  readonly missing: readonly string[]
  readonly reports: Readonly<Record<string, string>>
}

/** As the runner begins each of its scripts: `pipefail` only where the shell has it. */
const HEAD = `if set -o | grep pipefail > /dev/null; then set -o pipefail; fi
set -o errexit
set +o noclobber
`

const replaceVariables = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replaceAll(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (_, braced?: string, bare?: string) => variables[braced ?? bare ?? ''] ?? '',
  )

/** Runs a job as the shell of GitLab's runner does: in the project's folder, each script by a shell of its own. */
export const runGitlabJob = async (
  job: GitlabJob,
  machine: {
    readonly project: string
    readonly folder: string
    readonly shell: 'sh' | 'bash'
    readonly environment: Readonly<Record<string, string>>
  },
): Promise<GitlabRun> => {
  const variables: Record<string, string> = { CI_PROJECT_DIR: machine.project }
  for (const [name, text] of Object.entries(job.variables)) variables[name] = replaceVariables(text, variables)
  await mkdir(machine.folder, { recursive: true })
  const run = async (name: string, lines: readonly string[]): Promise<ScriptRun> => {
    const file = join(machine.folder, name)
    await writeFile(file, HEAD + lines.join('\n'))
    return runScript([machine.shell, file], {
      folder: machine.project,
      environment: { ...machine.environment, CI: 'true', GITLAB_CI: 'true', ...variables },
    })
  }
  const script = await run('script', [...job.before_script, ...job.script])
  const afterScript = await run('after_script', job.after_script)
  const paths = job.artifacts.paths.map((path) => replaceVariables(path, variables))
  const reports = Object.entries(job.artifacts.reports).map(
    ([kind, path]) => [kind, replaceVariables(path, variables)] as const,
  )
  const asked = [...paths, ...reports.map(([, path]) => path)]
  const isThere = (path: string): boolean => existsSync(join(machine.project, path))
  return {
    script,
    afterScript,
    kept: asked.filter(isThere),
    missing: asked.filter((path) => !isThere(path)),
    reports: Object.fromEntries(reports),
  }
}
