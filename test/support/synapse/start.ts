import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stringify } from 'yaml'
import { applicationServiceFile, homeserverSettings, type SynapseOptions } from './configuration.ts'
import type { InstalledSynapse } from './install.ts'

export interface RunningSynapse {
  readonly baseUrl: string
  readonly serverName: string
  readonly registrationSecret: string
  /** The path of its homeserver.yaml, for what reads one. */
  readonly configFile: string
  /** What it has logged so far. */
  log(): Promise<string>
  /** Ends it as systemd would; what it held in memory is written first. */
  stop(): Promise<void>
}

/** A free port on the loopback address, to be named in a configuration before its server listens there. */
export const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('No free port on the loopback address')
  return address.port
}

const logConfiguration = (folder: string): unknown => ({
  version: 1,
  formatters: { plain: { format: '%(asctime)s %(levelname)s %(name)s %(message)s' } },
  handlers: { file: { class: 'logging.FileHandler', formatter: 'plain', filename: `${folder}/synapse.log` } },
  root: { level: 'WARNING', handlers: ['file'] },
  disable_existing_loggers: false,
})

const writeConfiguration = async (options: SynapseOptions, folder: string, port: number): Promise<string> => {
  const registrationSecret = randomBytes(16).toString('hex')
  const file = (name: string, content: unknown): Promise<void> =>
    writeFile(join(folder, name), typeof content === 'string' ? content : stringify(content))
  await file('signing.key', `ed25519 a_test ${randomBytes(32).toString('base64').replace(/=+$/, '')}\n`)
  await file('log.yaml', logConfiguration(folder))
  await file('homeserver.yaml', homeserverSettings(options, { folder, port, registrationSecret }))
  for (const service of options.applicationServices ?? []) {
    await file(`${service.id}.yaml`, applicationServiceFile(service))
  }
  return registrationSecret
}

/**
 * Starts an installed Synapse on a database (UTF8, C collation). Returns when its client API answers.
 * @param options.port the port to listen on, where something else must know it first.
 * @throws Error with the end of its output and log when it ends instead, such as for a setting it refuses.
 */
export const startSynapse = async (
  { python }: InstalledSynapse,
  { port: wantedPort, ...options }: SynapseOptions & { readonly port?: number },
): Promise<RunningSynapse> => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-synapse-'))
  const port = wantedPort ?? (await freePort())
  const registrationSecret = await writeConfiguration(options, folder, port)
  const configFile = join(folder, 'homeserver.yaml')
  const output = openSync(join(folder, 'output.log'), 'a')
  const child = spawn(python, ['-m', 'synapse.app.homeserver', '-c', configFile], {
    cwd: folder,
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  const killWithUs = (): void => void child.kill('SIGKILL')
  process.once('exit', killWithUs)

  const log = async (): Promise<string> => {
    const texts = ['output.log', 'synapse.log'].map((name) => readFile(join(folder, name), 'utf8').catch(() => ''))
    return (await Promise.all(texts)).join('')
  }
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null
  const stop = async (): Promise<void> => {
    process.off('exit', killWithUs)
    if (!ended()) {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    }
    await rm(folder, { recursive: true, force: true })
  }

  const baseUrl = `http://127.0.0.1:${port}`
  const deadline = Date.now() + 120_000
  for (;;) {
    const response = await fetch(`${baseUrl}/_matrix/client/versions`).catch(() => undefined)
    if (response?.ok) break
    if (ended() || Date.now() > deadline) {
      const end = (await log()).slice(-3000)
      await stop()
      throw new Error(`Synapse ${ended() ? 'ended' : 'does not answer'}: ${end}`)
    }
    await sleep(100)
  }
  return { baseUrl, serverName: options.serverName, registrationSecret, configFile, log, stop }
}
