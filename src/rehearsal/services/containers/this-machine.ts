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

export const thisMachine = (): Machine => ({
  platform: platform(),
  addresses: Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address)),
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
