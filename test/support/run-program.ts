import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface ProgramResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface ProgramOptions {
  readonly folder?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs syn2op from its sources as a process of its own, without a terminal. */
export const runProgram = (args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> =>
  new Promise((resolve, reject) => {
    const dev = fileURLToPath(new URL('../../bin/dev.js', import.meta.url))
    const child = spawn(process.execPath, [dev, ...args], {
      cwd: options.folder,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
