import { constants } from 'node:fs'
import { access, open, readFile, stat } from 'node:fs/promises'
import { delimiter, dirname, join, resolve } from 'node:path'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { type RunningProgram, startProgram } from '../../leases/start-program.ts'
import type { StartContext, Way } from '../way.ts'
import { awaitHealth } from './await-health.ts'
import { type MasFiles, type MasProgram, type MasService, nothingRuns, SERVER } from './mas-service.ts'

const NAME = 'mas-cli'

/** Its first start compiles its policies. */
const STARTING_MS = 120_000

/** Everything that it says, one call after the other. */
const LOG = 'mas.log'

const isProgram = async (file: string): Promise<boolean> => {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}

const onPath = async (): Promise<string | undefined> => {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    if (folder === '') continue
    const file = join(folder, NAME)
    if (await isProgram(file)) return file
  }
  return undefined
}

/** Where distributions put its templates: beside the program, or as the Filesystem Hierarchy Standard has it. */
const shareOf = async (cli: string): Promise<string | undefined> => {
  const here = dirname(resolve(cli))
  for (const folder of [join(here, 'share'), join(here, '..', 'share', NAME)]) {
    const found = await stat(join(folder, 'templates')).catch(() => undefined)
    if (found?.isDirectory() === true) return folder
  }
  return undefined
}

/** PG* and MAS_* variables would change what it reads. */
const environment = (): Readonly<Record<string, string | undefined>> => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  LANG: process.env['LANG'],
  NO_COLOR: '1',
})

const lastWords = async (log: string): Promise<readonly string[]> =>
  (await readFile(log, 'utf8').catch(() => ''))
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-5)

const failed = async (cli: string, what: string, log: string): Promise<Syn2opError> =>
  new Syn2opError('rehearsal.no-backend', `${cli} ${what}`, {
    problems: (await lastWords(log)).map((message) => ({ message })),
    next: ['See what it says above; `mas-cli config check` shows what it thinks of a configuration.'],
  })

const start = async (
  cli: string,
  args: readonly string[],
  { lease }: Pick<StartContext, 'lease'>,
): Promise<{ readonly running: RunningProgram; readonly log: string }> => {
  const log = join(lease.folder, LOG)
  const output = await open(log, 'a', 0o600)
  try {
    return { running: await startProgram(lease, cli, args, { env: environment(), output: output.fd }), log }
  } finally {
    await output.close()
  }
}

const localProgram = (cli: string, share: string | undefined): MasProgram => ({
  ...(share === undefined ? {} : { share }),
  sees: 'files of this machine',

  async run(args, { configFile }: MasFiles, context) {
    const { running, log } = await start(cli, [...args, '--config', configFile], context)
    const stop = (): void => void running.stop().catch(() => {})
    context.signal.addEventListener('abort', stop, { once: true })
    try {
      const end = await running.ended
      context.signal.throwIfAborted()
      if (end !== 0) throw await failed(cli, `${args.join(' ')} ended with ${end}`, log)
    } finally {
      context.signal.removeEventListener('abort', stop)
      await running.stop()
    }
  },

  async serve({ url }, { configFile }, context) {
    const { running, log } = await start(cli, [...SERVER, '--config', configFile], context)
    const state: { ended?: number | string } = {}
    void running.ended.then((end) => (state.ended = end))
    try {
      const hasEnded = (): boolean => state.ended !== undefined
      if (await awaitHealth(url, { hasEnded, timeoutMs: STARTING_MS, signal: context.signal })) return running
      const what = state.ended === undefined ? 'does not answer' : `ended with ${state.ended}`
      throw await failed(cli, `server ${what}`, log)
    } catch (error) {
      await running.stop()
      throw error
    }
  },
})

/** Whether it can be run at all, and which it is: `mas-cli 1.22.0`. */
const versionOf = async (cli: string, context: StartContext): Promise<string> => {
  const { running, log } = await start(cli, ['--version'], context)
  const end = await running.ended
  await running.stop()
  const [line] = (await lastWords(log)).slice(-1)
  if (end !== 0 || line === undefined) throw await failed(cli, `--version ended with ${end}`, log)
  return line.trim()
}

/** A mas-cli of this machine: the one that is given, or on the PATH. */
export const localMas = (given?: string): Way<MasService> => ({
  backend: given === undefined ? 'local' : 'given',

  async why() {
    if (given === undefined)
      return (await onPath()) === undefined ? 'no mas-cli is on the PATH: --mas-cli FILE' : undefined
    return (await isProgram(given)) ? undefined : `${given} is no program that can be run`
  },

  async start(context) {
    const found = given ?? (await onPath())
    if (found === undefined) throw new Syn2opError('rehearsal.no-backend', 'No mas-cli is on the PATH')
    const cli = resolve(found)
    const version = await versionOf(cli, context)
    return {
      backend: given === undefined ? 'local' : 'given',
      what: `${version} (${cli})`,
      program: localProgram(cli, await shareOf(cli)),
      ...nothingRuns,
    }
  },
})
