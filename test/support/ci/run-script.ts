import { spawn } from 'node:child_process'

export interface ScriptRun {
  readonly code: number | null
  /** What it said on both streams, in its order. */
  readonly output: string
}

export interface ScriptOptions {
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
}

/** Runs a program as a CI's agent does: without a terminal, in an environment that is known to the last variable. */
export const runScript = (
  [program, ...args]: readonly [string, ...string[]],
  { folder, environment }: ScriptOptions,
): Promise<ScriptRun> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
