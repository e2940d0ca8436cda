import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StartedTestContainer } from 'testcontainers'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { PostgresSettings } from '../postgres/settings.ts'
import { createSynapseDatabase } from './create-database.ts'
import { type ThrowAwayPostgres, throwAwayArguments } from './throw-away.ts'

export interface ContainerPostgresOptions {
  /** An image that behaves like Docker's official `postgres`, unless `command` says how. Default: DEFAULT_IMAGE. */
  readonly image?: string
  /**
   * What runs instead of the image's own entry point: a program and its arguments. It finds the superuser's password in
   * POSTGRES_PASSWORD and must serve on port 5432 of every interface, with the superuser `postgres`.
   */
  readonly command?: readonly string[]
  /** The user, or uid, that it runs as in the container. Default: the image's. */
  readonly user?: string
}

export const DEFAULT_IMAGE = 'postgres:17-alpine'

const PORT = 5432
const START_MS = 120_000

const unavailable = (message: string, next: readonly string[], cause: unknown): Syn2opError =>
  new Syn2opError('rehearsal.no-backend', message, {
    next: [...next, 'or use the built-in database: --backend local'],
    cause,
  })

const library = async (): Promise<typeof import('testcontainers')> => {
  try {
    return await import('testcontainers')
  } catch (cause) {
    throw unavailable('The package testcontainers is not installed', ['npm i testcontainers'], cause)
  }
}

const launch = async (
  image: string,
  password: string,
  options: ContainerPostgresOptions,
): Promise<StartedTestContainer> => {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await library()
  await getContainerRuntimeClient().catch((cause: unknown) => {
    throw unavailable('No container engine answers', ['start Docker or Podman, or set DOCKER_HOST'], cause)
  })
  const described = new GenericContainer(image)
    .withEnvironment({ POSTGRES_PASSWORD: password })
    .withExposedPorts(PORT)
    .withSharedMemorySize(256 * 1024 * 1024)
    .withStartupTimeout(START_MS)
    // Images without a health check are welcome: an open port is enough, and the server is asked afterwards.
    .withWaitStrategy(Wait.forListeningPorts())
  const [program, ...args] = options.command ?? []
  const commanded =
    program === undefined
      ? described.withCommand(['postgres', ...throwAwayArguments()])
      : described.withEntrypoint([program]).withCommand(args)
  const ready = options.user === undefined ? commanded : commanded.withUser(options.user)
  return ready.start().catch((cause: unknown) => {
    throw unavailable(
      `A container of ${image} does not start`,
      [
        `see whether the image can be had: docker pull ${image}`,
        'where images cannot be pulled, switch off the reaper that testcontainers runs: TESTCONTAINERS_RYUK_DISABLED=true',
      ],
      cause,
    )
  })
}

/** Asks the server for its version until it answers: an official image restarts it once while it makes its data. */
const askVersion = async (settings: PostgresSettings): Promise<string> => {
  const { default: pg } = await import('pg')
  const deadline = Date.now() + START_MS
  for (;;) {
    const { host, port, user, password = '', database } = settings
    const client = new pg.Client({ host, port, user, password, database })
    client.on('error', () => {})
    try {
      await client.connect()
      const { rows } = await client.query<{ server_version: string }>('show server_version')
      return rows[0]?.server_version.split(' ')[0] ?? ''
    } catch (error) {
      if (Date.now() > deadline) throw unavailable('The database in the container does not answer', [], error)
      await sleep(100)
    } finally {
      await client.end().catch(() => {})
    }
  }
}

/**
 * Starts a PostgreSQL server of our own in a container, through the optional package testcontainers. When our process
 * ends without `stop`, the package's reaper removes the container, unless TESTCONTAINERS_RYUK_DISABLED switched it off.
 * @throws Syn2opError rehearsal.no-backend when the package is missing, no engine answers, or the container does not start
 */
export const startContainerPostgres = async (options: ContainerPostgresOptions = {}): Promise<ThrowAwayPostgres> => {
  const image = options.image ?? DEFAULT_IMAGE
  const password = randomBytes(24).toString('base64url')
  const container = await launch(image, password, options)
  const settings = (database: string): PostgresSettings => ({
    host: container.getHost(),
    port: container.getMappedPort(PORT),
    database,
    user: 'postgres',
    password,
    sslMode: 'disable',
    connectTimeoutMs: 10_000,
    origin: 'throw-away database',
  })
  let stopping: Promise<unknown> | undefined
  const stop = async (): Promise<void> => {
    stopping ??= container.stop({ remove: true, removeVolumes: true, timeout: 0 })
    await stopping
  }
  try {
    const version = await askVersion(settings('postgres'))
    return {
      backend: `container ${image}, PostgreSQL ${version}`,
      settings,
      createDatabase: async (name) => {
        await createSynapseDatabase(settings('postgres'), name)
        return settings(name)
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
