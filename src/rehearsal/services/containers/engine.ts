import { setTimeout as sleep } from 'node:timers/promises'
import type { ContainerRuntimeClient } from 'testcontainers'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { thisMachine, whyAnotherNetwork } from './this-machine.ts'

type Library = typeof import('testcontainers')

/** The optional package that speaks with container engines, and the engine that answers it. */
export interface Engine {
  readonly library: Library
  readonly client: ContainerRuntimeClient
}

export const LOCAL_INSTEAD = 'or use what runs without containers: --require local'

const ANSWER_MS = 15_000

/** Where engines without a daemon, or of an ordinary user, are found: testcontainers looks for Docker's own first. */
const FIND_ENGINE = [
  'start Docker or Podman, or name its address in DOCKER_HOST',
  'Podman: systemctl --user start podman.socket, then DOCKER_HOST=unix://$XDG_RUNTIME_DIR/podman/podman.sock',
]

/**
 * @throws Syn2opError rehearsal.no-backend when the package is not installed, or no engine answers
 */
export const openEngine = async (): Promise<Engine> => {
  const library = await import('testcontainers').catch((cause: unknown) => {
    throw new Syn2opError('rehearsal.no-backend', 'The package testcontainers is not installed', {
      next: ['npm i testcontainers', LOCAL_INSTEAD],
      cause,
    })
  })
  const client = await answered(library.getContainerRuntimeClient()).catch((cause: unknown) => {
    throw new Syn2opError('rehearsal.no-backend', 'No container engine answers', {
      next: [...FIND_ENGINE, LOCAL_INSTEAD],
      cause,
    })
  })
  return { library, client }
}

/** An engine at an address that swallows what is sent there would be waited for until its connection times out. */
const answered = async (client: Promise<ContainerRuntimeClient>): Promise<ContainerRuntimeClient> => {
  const patience = new AbortController()
  try {
    return await Promise.race([
      client,
      sleep(ANSWER_MS, undefined, { signal: patience.signal }).then(() => {
        throw new Error(`no answer within ${ANSWER_MS} ms`)
      }),
    ])
  } finally {
    patience.abort()
  }
}

/** Why containers cannot be used here, in words; undefined: they can. */
export const whyNoContainers = (): Promise<string | undefined> => whyNot(() => undefined)

/** The same for a container that is to have this machine's network. */
export const whyNoContainersHere = (): Promise<string | undefined> =>
  whyNot(async ({ client }) => {
    const { containerRuntime } = client.info
    return whyAnotherNetwork(containerRuntime, await thisMachine(containerRuntime.host))
  })

const whyNot = async (
  refuse: (engine: Engine) => Promise<string | undefined> | undefined,
): Promise<string | undefined> => {
  try {
    return await refuse(await openEngine())
  } catch (error) {
    if (error instanceof Syn2opError) return `${error.message} (${error.next[0] ?? ''})`
    throw error
  }
}
