import { randomBytes } from 'node:crypto'
import type { StartedTestContainer } from 'testcontainers'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { Belonging, Lease } from '../../leases/lease.ts'
import { describeContainer, publishingAddress, type WaitFor } from './describe-container.ts'
import { endStarting } from './end-starting.ts'
import { type Engine, LOCAL_INSTEAD, openEngine } from './engine.ts'
import { engineId } from './engine-id.ts'
import type { Pull } from './images.ts'
import { KEPT_SUFFIX } from './kept-name.ts'
import { lastLines } from './last-lines.ts'
import { removeContainer } from './remove-container.ts'

/** A file that is in the container before its program starts; owned by root there, so `mode` says who may read it. */
export type ContainerFile = { readonly target: string; readonly mode: number } & (
  | { readonly source: string }
  | { readonly content: string }
)

export interface ContainerRequest {
  /** Knows of the container before it is made. */
  readonly lease: Lease
  /** One word, for its name: `postgres`. */
  readonly service: string
  readonly image: string
  readonly pull: Pull
  /** Ports of the container that this machine is to reach. */
  readonly ports: readonly number[]
  readonly environment?: Readonly<Record<string, string>>
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
  /** Name or number of the user that it runs as; absent: the image's. */
  readonly user?: string
  readonly files?: readonly ContainerFile[]
  /** `host`: it has this machine's network, and `port(n)` is n. */
  readonly networkMode?: string
  /** Names that it knows besides; the address `host-gateway` is this machine. */
  readonly hosts?: readonly { readonly host: string; readonly ipAddress: string }[]
  /** Bytes of /dev/shm. */
  readonly sharedMemory?: number
  readonly wait: WaitFor
  readonly timeoutMs: number
  readonly note: (message: string) => void
  readonly signal: AbortSignal
}

export interface RunningContainer {
  readonly id: string
  /** Where its ports are reached from here. */
  readonly host: string
  port(inside: number): number
  /** The last lines that it has written. May hold what its program writes of its configuration. */
  logs(): readonly string[]
  /** Ends and removes it, with its volumes. May be called more than once. */
  stop(): Promise<void>
  /** It goes on when we end, and `stop` leaves it. */
  keep(): Promise<void>
}

/** How many containers each lease has at the moment. */
const running = new WeakMap<Lease, number>()

const count = (lease: Lease, by: 1 | -1): number => {
  const now = (running.get(lease) ?? 0) + by
  running.set(lease, now)
  return now
}

/**
 * Starts a container and waits until it is ready. The package's reaper is not used: it is an image of its own that has to be fetched,
 * wants the engine's socket, and would end what is to be kept. What we leave behind is found by the lease's labels.
 * @throws Syn2opError rehearsal.no-backend when it cannot be had or does not start, with its last words; run.interrupted
 */
export const startContainer = async (request: ContainerRequest): Promise<RunningContainer> => {
  const { lease, signal, service } = request
  const engine = await openEngine()
  await refuseMissing(engine, request)
  const name = `syn2op-${lease.id}-${service}-${randomBytes(2).toString('hex')}`
  const words = lastLines()
  const at = await engineId(engine)
  const noted: Belonging = { kind: 'containers', ...(at === undefined ? {} : { engine: at }) }
  await lease.holds(noted)
  count(lease, 1)
  const gone = async (): Promise<void> => {
    if (count(lease, -1) === 0) await lease.gone(noted)
  }
  const address = await publishingAddress(engine)
  const starting = describeContainer(engine, request, { name, address, words: words.add }).start()
  try {
    const container = await whileWanted(starting, signal)
    return runningContainer(engine, container, {
      name,
      address,
      words: words.lines,
      gone,
      mapped: request.networkMode !== 'host',
    })
  } catch (error) {
    const remove = (): Promise<void> => removeContainer(engine.client, name)
    await endStarting({ image: request.image, starting, remove, gone, note: request.note })
    if (signal.aborted)
      throw new Syn2opError('run.interrupted', `Starting ${service} was interrupted`, { cause: error })
    throw await notStarted(request, words.lines(), error)
  }
}

const refuseMissing = async ({ client, library }: Engine, { image, pull }: ContainerRequest): Promise<void> => {
  if (pull !== 'never' || (await client.image.exists(library.ImageName.fromString(image)))) return
  throw new Syn2opError('rehearsal.no-backend', `The engine has no image ${image}, and none is to be fetched`, {
    next: [`docker pull ${image}, or docker load -i FILE`, 'or let it be fetched: --pull missing', LOCAL_INSTEAD],
  })
}

/** The package cannot be interrupted: it is not waited for. */
const whileWanted = async (
  starting: Promise<StartedTestContainer>,
  signal: AbortSignal,
): Promise<StartedTestContainer> => {
  let stop = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new Error('interrupted', { cause: signal.reason }))
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
  })
  try {
    return await Promise.race([starting, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

interface Known {
  readonly name: string
  readonly address: string | undefined
  readonly words: () => readonly string[]
  readonly gone: () => Promise<void>
  /** Whether its ports have other numbers here. */
  readonly mapped: boolean
}

const runningContainer = (
  engine: Engine,
  container: StartedTestContainer,
  { name, address, words, gone, mapped }: Known,
): RunningContainer => {
  const { client } = engine
  let ending: Promise<void> | undefined
  const end = async (): Promise<void> => {
    await removeContainer(client, container.getId())
    await gone()
  }
  return {
    id: container.getId(),
    host: address ?? container.getHost(),
    port: (inside) => (mapped ? container.getMappedPort(inside) : inside),
    logs: words,
    stop: () => (ending ??= end()),
    async keep() {
      ending = Promise.resolve()
      // By its name, those who do not know the lease see that it is to stay.
      await client.container.getById(container.getId()).rename({ name: `${name}${KEPT_SUFFIX}` })
    },
  }
}

const notStarted = async (
  { image, service, pull }: ContainerRequest,
  words: readonly string[],
  cause: unknown,
): Promise<Syn2opError> => {
  const said = cause instanceof Error ? cause.message.split('\n')[0] : undefined
  return new Syn2opError('rehearsal.no-backend', `A container of ${image} does not start`, {
    problems: [...(said === undefined ? [] : [said]), ...words.slice(-5)].map((message) => ({ message })),
    next: [
      pull === 'never'
        ? `see what it says: docker run --rm ${image}`
        : `see whether the image can be had: docker pull ${image}`,
      `name another: --image ${service}=IMAGE, or a registry that mirrors it: --registry HOST/PATH`,
      LOCAL_INSTEAD,
    ],
    cause,
  })
}
