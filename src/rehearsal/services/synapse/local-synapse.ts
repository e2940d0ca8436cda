import { execFile } from 'node:child_process'
import { mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../../free-port.ts'
import type { Lease } from '../../leases/lease.ts'
import { type RunningProgram, startProgram } from '../../leases/start-program.ts'
import type { StartContext, Way } from '../way.ts'
import { awaitSynapse } from './await-synapse.ts'
import { HOMESERVER_FILE, synapseFiles } from './configuration.ts'
import type { SynapseService, SynapseWish } from './synapse-service.ts'

const run = promisify(execFile)

const OUTPUT = 'output.log'

/** Says the version; fails where Synapse, or what it speaks to PostgreSQL with, is not there. */
const ASK_VERSION = 'import psycopg2; from importlib.metadata import version; print(version("matrix-synapse"))'

const versionOf = async (python: string, signal: AbortSignal): Promise<string> => {
  const { stdout } = await run(python, ['-c', ASK_VERSION], { signal, timeout: 60_000 })
  return stdout.trim()
}

/**
 * A Synapse that is installed on this machine.
 * @param python the program of a Python that has matrix-synapse and psycopg2
 */
export const localSynapse = (python: string | undefined, wish: SynapseWish): Way<SynapseService> => ({
  backend: 'local',
  async why(signal) {
    if (python === undefined) return 'no Python is named that has it'
    try {
      await versionOf(python, signal)
      return undefined
    } catch {
      signal.throwIfAborted()
      return `${python} does not run, or has no matrix-synapse[postgres]`
    }
  },
  start: (context) => start(python ?? 'python3', wish, context),
})

const launch = async (python: string, folder: string, lease: Lease): Promise<RunningProgram> => {
  const output = await open(join(folder, OUTPUT), 'a', 0o600)
  const args = ['-m', 'synapse.app.homeserver', '--config-path', join(folder, HOMESERVER_FILE)]
  const { PATH } = process.env
  try {
    return await startProgram(lease, python, args, { cwd: folder, env: { PATH }, output: output.fd })
  } finally {
    await output.close()
  }
}

const start = async (python: string, wish: SynapseWish, { lease, signal }: StartContext): Promise<SynapseService> => {
  const what = `Synapse ${await versionOf(python, signal)} of ${python}`
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const folder = join(lease.folder, `synapse-${port}`)
  await mkdir(folder, { mode: 0o700 })
  for (const [name, text] of synapseFiles(wish, { port, folder, mediaFolder: join(folder, 'media') })) {
    await writeFile(join(folder, name), text, { mode: 0o600 })
  }
  const program = await launch(python, folder, lease)
  const ended = { yes: false }
  void program.ended.then(() => {
    ended.yes = true
  })
  const words = async (): Promise<readonly string[]> => {
    const text = await readFile(join(folder, OUTPUT), 'utf8')
    return text.split('\n').filter((line) => line.trim() !== '')
  }
  await awaitSynapse({ url, what, hasEnded: () => ended.yes, words, stop: () => program.stop() }, signal)
  return { backend: 'local', what, url, keep: () => program.keep(), stop: () => program.stop() }
}
