import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProgramResult } from '../run-program.ts'
import type { InstalledMas } from './installed-mas.ts'

/** What the program may see of our environment: PG* variables would change where it connects to. */
const environment = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1' })

/** Runs `mas-cli` to its end. */
export const runMas = ({ cli }: InstalledMas, configFile: string, args: readonly string[]): Promise<ProgramResult> =>
  new Promise((resolve, reject) => {
    const child = spawn(cli, [...args, '--config', configFile], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })

/** Runs `mas-cli`, which has to succeed. */
export const doMas = async (mas: InstalledMas, configFile: string, args: readonly string[]): Promise<void> => {
  const { code, stdout, stderr } = await runMas(mas, configFile, args)
  if (code !== 0) throw new Error(`mas-cli ${args.join(' ')} ended with ${code}: ${`${stdout}${stderr}`.slice(-3000)}`)
}

/** Makes MAS's own schema, and the rows of its configured providers. */
export const migrateMasSchema = async (mas: InstalledMas, configFile: string): Promise<void> => {
  await doMas(mas, configFile, ['database', 'migrate'])
  await doMas(mas, configFile, ['config', 'sync'])
}

export interface RunningMas {
  readonly baseUrl: string
  log(): Promise<string>
  stop(): Promise<void>
}

/**
 * Starts MAS with its workers and waits until it is healthy.
 * @param place its configuration, the port that this names, and a file for its log
 */
export const startMas = async (
  { cli }: InstalledMas,
  { configFile, port, logFile }: { readonly configFile: string; readonly port: number; readonly logFile: string },
): Promise<RunningMas> => {
  const output = openSync(logFile, 'a')
  const child = spawn(cli, ['server', '--config', configFile], {
    env: environment(),
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  const killWithUs = (): void => void child.kill('SIGKILL')
  process.once('exit', killWithUs)
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null
  const log = (): Promise<string> => readFile(logFile, 'utf8')
  const stop = async (): Promise<void> => {
    process.off('exit', killWithUs)
    if (ended()) return
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    await exit
  }
  const baseUrl = `http://127.0.0.1:${port}`
  const deadline = Date.now() + 120_000
  for (;;) {
    const response = await fetch(`${baseUrl}/health`).catch(() => undefined)
    if (response?.ok) return { baseUrl, log, stop }
    if (ended() || Date.now() > deadline) {
      await stop()
      throw new Error(`MAS ${ended() ? 'ended' : 'does not answer'}: ${(await log()).slice(-3000)}`)
    }
    await sleep(100)
  }
}
