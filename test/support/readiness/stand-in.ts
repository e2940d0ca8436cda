import { readFileSync } from 'node:fs'
import { auth0 } from './stand-in-auth0.ts'
import { continuwuity } from './stand-in-continuwuity.ts'
import { dendrite } from './stand-in-dendrite.ts'
import { keycloak } from './stand-in-keycloak.ts'
import { mas } from './stand-in-mas.ts'
import { okta } from './stand-in-okta.ts'
import type { Places, Product, StandInOptions } from './stand-in-product.ts'
import { type StandInServer, startServer } from './stand-in-server.ts'
import { synapse } from './stand-in-synapse.ts'
import { synapseWithMas } from './stand-in-synapse-mas.ts'
import { tuwunel } from './stand-in-tuwunel.ts'

export const STAND_INS = [
  'synapse',
  'synapse-mas',
  'tuwunel',
  'dendrite',
  'continuwuity',
  'okta',
  'auth0',
  'keycloak',
] as const

export type StandInName = (typeof STAND_INS)[number]

export interface StandIn {
  /** Where the homeserver is; absent of an OP alone. */
  readonly baseUrl?: string
  /** Of the OP; absent where there is none. */
  readonly issuer?: string
  /** `localhost:port`; its .well-known is there under TLS only. */
  readonly serverName?: string
  /** `POST /oauth2/revoke` and so on, as they came, of both servers. */
  readonly requests: readonly string[]
  /** What no right client does: each one a fault of who asked. */
  readonly violations: readonly string[]
  /** Ids of the clients that are registered still. */
  readonly clients: () => readonly string[]
  stop(): Promise<void>
}

/**
 * Starts a stand-in of a homeserver, of an OP, or of both, on localhost. None of these is the product: they are made from published
 * contracts, documentation and source (test/support/readiness/discovery holds the documents), and what those do not tell is guessed.
 * They are strict: what no right client would send is kept as a violation.
 */
export const startStandIn = async (name: StandInName, options: StandInOptions = {}): Promise<StandIn> => {
  const requests: string[] = []
  const violations: string[] = []
  const servers: StandInServer[] = []
  const clients = new Map<string, unknown>()
  const serve = async (): Promise<StandInServer> => {
    const server = await startServer({ ...options, requests, violations })
    servers.push(server)
    return server
  }
  const first = await serve()
  const second = name === 'synapse-mas' ? await serve() : first
  const places: Places = {
    homeserver: first.origin,
    op: second.origin,
    off: new Set(options.off),
    clients,
    fixture: (file) => fixture(file, first.origin, second.origin),
  }
  const issuerPath = ISSUERS[name]
  const isHomeserver = !OPS_ALONE.has(name)
  first.become(PRODUCTS[name](places))
  if (name === 'synapse-mas') {
    if (places.off.has('mas')) await second.stop()
    else second.become(mas(places))
  }
  return {
    ...(isHomeserver ? { baseUrl: first.origin, serverName: new URL(first.origin).host } : {}),
    ...(issuerPath === undefined ? {} : { issuer: `${second.origin}${issuerPath}` }),
    requests,
    violations,
    clients: () => [...clients.keys()],
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  }
}

const PRODUCTS: Readonly<Record<StandInName, (places: Places) => Product>> = {
  'synapse': synapse,
  'synapse-mas': synapseWithMas,
  tuwunel,
  dendrite,
  continuwuity,
  okta,
  auth0,
  keycloak,
}

const OPS_ALONE: ReadonlySet<StandInName> = new Set(['okta', 'auth0', 'keycloak'])

/** What stands behind the origin in an issuer: the slash at the end is each product's own. */
const ISSUERS: Readonly<Partial<Record<StandInName, string>>> = {
  'synapse-mas': '/',
  'tuwunel': '/',
  'continuwuity': '/',
  'okta': '/oauth2/default',
  'auth0': '/',
  'keycloak': '/realms/matrix',
}

const HOMESERVERS = /https:\/\/matrix\.example\.org/gu
const OPS = /https:\/\/(?:auth\.example\.org|example\.okta\.com|example\.us\.auth0\.com|sso\.example\.org)/gu

const fixture = (file: string, homeserver: string, op: string): unknown => {
  const text = readFileSync(new URL(`./discovery/${file}.json`, import.meta.url), 'utf8')
  return JSON.parse(text.replaceAll(HOMESERVERS, homeserver).replaceAll(OPS, op))
}
