import type { Readable } from 'node:stream'
import type { GenericContainer, WaitStrategy } from 'testcontainers'
import type { Engine } from './engine.ts'
import type { ContainerRequest } from './start-container.ts'
import { addressHere, thisMachine } from './this-machine.ts'

/** How it is seen that a container is ready. */
export type WaitFor =
  /** Its ports take connections. */
  | { readonly kind: 'ports' }
  /** It writes this. */
  | { readonly kind: 'log'; readonly says: RegExp }
  /** It answers with the status 200 there. */
  | { readonly kind: 'http'; readonly path: string; readonly port: number }
  /** It has done what it was started for, and ended well. */
  | { readonly kind: 'end' }

type Library = Engine['library']

const strategy = ({ Wait }: Library, wait: WaitFor): WaitStrategy => {
  switch (wait.kind) {
    case 'ports':
      // Images without a health check are welcome.
      return Wait.forListeningPorts()
    case 'log':
      return Wait.forLogMessage(wait.says)
    case 'http':
      return Wait.forHttp(wait.path, wait.port, { abortOnContainerExit: true })
    case 'end':
      return Wait.forOneShotStartup()
  }
}

const PULLS = { missing: 'defaultPolicy', always: 'alwaysPull', never: 'neverPull' } as const

/** The address on which the engine is to publish ports; undefined: on all that its machine has. */
export const publishingAddress = async ({ client }: Engine): Promise<string | undefined> => {
  const { containerRuntime } = client.info
  return addressHere(containerRuntime, await thisMachine(containerRuntime.host))
}

/** The package publishes ports on every address; what it would ask of the engine can be changed by a subclass alone. */
const publishingOn = ({ GenericContainer: Described }: Library, address: string): typeof GenericContainer =>
  class extends Described {
    override withExposedPorts(...ports: Parameters<GenericContainer['withExposedPorts']>): this {
      super.withExposedPorts(...ports)
      const bindings: Readonly<Record<string, readonly object[]>> = this.hostConfig.PortBindings ?? {}
      this.hostConfig.PortBindings = Object.fromEntries(
        Object.entries(bindings).map(([port, hosts]) => [port, hosts.map((host) => ({ ...host, HostIp: address }))]),
      )
      return this
    }
  }

interface Described {
  readonly name: string
  /** On which its ports are published; undefined: on all that the engine's machine has. */
  readonly address: string | undefined
  readonly words: (stream: Readable) => void
}

/** The container as the package wants it told. */
export const describeContainer = (
  { library }: Engine,
  request: ContainerRequest,
  { name, address, words }: Described,
): GenericContainer => {
  const { image, pull, lease, ports, environment, entrypoint, command, user, files = [], hosts, wait } = request
  const Container = address === undefined ? library.GenericContainer : publishingOn(library, address)
  const described = new Container(image)
    .withName(name)
    .withAutoCleanup(false)
    .withPullPolicy(library.PullPolicy[PULLS[pull]]())
    .withLabels({ ...lease.labels })
    .withStartupTimeout(request.timeoutMs)
    .withWaitStrategy(strategy(library, wait))
    .withLogConsumer(words)
    .withCopyFilesToContainer(files.flatMap((file) => ('source' in file ? [{ ...file }] : [])))
    .withCopyContentToContainer(files.flatMap((file) => ('content' in file ? [{ ...file }] : [])))
  if (environment !== undefined) described.withEnvironment({ ...environment })
  if (entrypoint !== undefined) described.withEntrypoint([...entrypoint])
  if (command !== undefined) described.withCommand([...command])
  if (user !== undefined) described.withUser(user)
  if (hosts !== undefined) described.withExtraHosts([...hosts])
  if (request.sharedMemory !== undefined) described.withSharedMemorySize(request.sharedMemory)
  if (request.networkMode !== undefined) described.withNetworkMode(request.networkMode)
  if (request.networkMode !== 'host') described.withExposedPorts(...ports)
  return described
}
