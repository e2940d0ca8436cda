import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { connect } from '../../../postgres/connect.ts'
import type { PostgresSettings } from '../../../postgres/settings.ts'
import { run } from '../../../postgres/statement.ts'
import { createSynapseDatabase } from '../../create-database.ts'
import { type Durability, throwAwayArguments } from '../../throw-away.ts'
import { LOCAL_INSTEAD, whyNoContainers } from '../containers/engine.ts'
import type { Images } from '../containers/images.ts'
import { type RunningContainer, startContainer } from '../containers/start-container.ts'
import type { Way } from '../way.ts'
import { ownSettings, type PostgresService } from './postgres-service.ts'

const PORT = 5432
const START_MS = 120_000

/** Where the password is in the container: what is in its environment, everybody sees who may ask the engine, and what it runs. */
const PASSWORD_FILE = '/run/syn2op-password'

/** A container of an image that behaves like Docker's official `postgres`: POSTGRES_PASSWORD_FILE, read as root, and arguments that begin with `postgres`. */
export const containerPostgres = (images: Images, durability: Durability): Way<PostgresService> => ({
  backend: 'containers',
  why: whyNoContainers,
  async start({ lease, note, signal }) {
    const image = images.of('postgres')
    const password = randomBytes(24).toString('base64url')
    const container = await startContainer({
      lease,
      service: 'postgres',
      image,
      pull: images.pull,
      ports: [PORT],
      environment: { POSTGRES_PASSWORD_FILE: PASSWORD_FILE },
      files: [{ content: password, target: PASSWORD_FILE, mode: 0o600 }],
      command: ['postgres', ...throwAwayArguments(durability)],
      sharedMemory: 256 * 1024 * 1024,
      wait: { kind: 'ports' },
      timeoutMs: START_MS,
      note,
      signal,
    })
    const { host } = container
    const settings = (database: string): PostgresSettings =>
      ownSettings({ host, port: container.port(PORT), password, database })
    const version = await askVersion(settings('postgres'), container, signal)
    return {
      backend: 'containers',
      what: `container ${image}, PostgreSQL ${version}`,
      settings,
      createDatabase: async (name) => {
        await createSynapseDatabase(settings('postgres'), name)
        return settings(name)
      },
      keep: () => container.keep(),
      stop: () => container.stop(),
    }
  },
})

/** Asks the server for its version until it answers: an official image restarts it once while it makes its data. */
const askVersion = async (
  settings: PostgresSettings,
  container: RunningContainer,
  signal: AbortSignal,
): Promise<string> => {
  const deadline = Date.now() + START_MS
  try {
    for (;;) {
      try {
        return await versionOf(settings, signal)
      } catch (error) {
        if (signal.aborted || Date.now() > deadline) throw error
        await sleep(100, undefined, { signal })
      }
    }
  } catch (cause) {
    await container.stop()
    if (signal.aborted) throw new Syn2opError('run.interrupted', 'Starting PostgreSQL was interrupted', { cause })
    throw new Syn2opError('rehearsal.no-backend', 'The database in the container does not answer', {
      problems: container
        .logs()
        .slice(-5)
        .map((message) => ({ message })),
      next: [LOCAL_INSTEAD],
      cause,
    })
  }
}

const versionOf = async (settings: PostgresSettings, signal: AbortSignal): Promise<string> => {
  const client = await connect(settings, { applicationName: 'syn2op rehearsal', signal })
  try {
    const [row] = await run(client, sql<{ version: string }>`SELECT current_setting('server_version') AS version`)
    return row?.version.split(' ')[0] ?? ''
  } finally {
    await client.end()
  }
}
