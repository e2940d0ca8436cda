import { createServer, isIP } from 'node:net'
import { networkInterfaces, platform } from 'node:os'

/** What is known of this machine. */
export interface Machine {
  readonly platform: string
  /** Of its network interfaces. */
  readonly addresses: readonly string[]
}

/** What an engine says of itself: where its ports are reached from here, and what it runs on. */
export interface EngineInfo {
  readonly host: string
  readonly operatingSystem: string
}

/**
 * @param host where an engine's ports are reached. It may be an address of ours that no list tells: the bridge of an engine without a
 * container is no running interface, and Node names only those.
 */
export const thisMachine = async (host: string): Promise<Machine> => {
  const listed = Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address))
  const addresses = listed.includes(host) || !(await canListenOn(host)) ? listed : [...listed, host]
  return { platform: platform(), addresses }
}

/** Only an address of this machine can be listened on. */
const canListenOn = (host: string): Promise<boolean> =>
  new Promise((resolve) => {
    if (isIP(host) === 0) {
      resolve(false)
      return
    }
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host, port: 0 }, () => server.close(() => resolve(true)))
  })

/**
 * The address of this machine on which the engine is to publish ports, so that nobody else reaches them: hashes are behind them, and
 * a Keycloak without TLS. Undefined: the engine is on another machine, and only that one's own addresses can be reached from here.
 */
export const addressHere = ({ host }: Pick<EngineInfo, 'host'>, { addresses }: Machine): string | undefined => {
  if (host === 'localhost') return '127.0.0.1'
  return addresses.includes(host) ? host : undefined
}

/** Why a container that has its engine's network would not have this machine's, in words; undefined: it would. */
export const whyAnotherNetwork = (engine: EngineInfo, machine: Machine): string | undefined => {
  if (addressHere(engine, machine) === undefined) {
    return `it needs the network of this machine, and the container engine is elsewhere, at ${engine.host}`
  }
  if (machine.platform === 'linux' && !engine.operatingSystem.includes('Docker Desktop')) return undefined
  return 'it needs the network of this machine, and the container engine runs in a virtual machine'
}
