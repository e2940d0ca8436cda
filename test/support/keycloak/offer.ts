import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { PostgresAddress } from '../postgres-server.ts'
import { type KeycloakAddress, type KeycloakServer, PEPPER, startKeycloak } from './server.ts'

export interface KeycloakOffer {
  /** Whoever gets this URL is told a KeycloakAddress in JSON; the first one waits for the start. */
  readonly url: string
  stop(): Promise<void>
}

const addressOf = ({ url, adminUser, adminPassword, pepper, database }: KeycloakServer): KeycloakAddress => ({
  url,
  adminUser,
  adminPassword,
  database,
  ...(pepper === undefined ? {} : { pepper }),
})

/**
 * Offers one Keycloak to all test files of a run, from vitest's main process: it is started when the first one asks, so
 * that tests without it do not pay for it.
 */
export const offerKeycloak = async (postgres: PostgresAddress): Promise<KeycloakOffer> => {
  let started: Promise<KeycloakServer> | undefined
  const path = `/${randomBytes(12).toString('hex')}`
  const server = createServer((request, response) => {
    if (request.url !== path) return void response.writeHead(404).end()
    started ??= startKeycloak({ postgres, pepper: PEPPER })
    started.then(
      (keycloak) => response.end(JSON.stringify(addressOf(keycloak))),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The offer of a Keycloak has no port')
  return {
    url: `http://127.0.0.1:${address.port}${path}`,
    stop: async () => {
      server.close()
      server.closeAllConnections()
      const keycloak = await started?.catch(() => undefined)
      await keycloak?.stop()
    },
  }
}
