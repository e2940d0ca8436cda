import type { TestProject } from 'vitest/node'
import { offerEngine } from './engine-offer.ts'
import { offerKeycloak } from './keycloak/offer.ts'
import { type PostgresAddress, startPostgresServer } from './postgres-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The PostgreSQL server that all integration tests of a run share. */
    testPostgres: PostgresAddress
  }
}

export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const { stop, restart: _, ...address } = await startPostgresServer()
  project.provide('testPostgres', address)
  const keycloak = await offerKeycloak(address)
  project.provide('keycloakOffer', keycloak.url)
  const engine = await offerEngine()
  project.provide('engineOffer', engine.url)
  return async () => {
    await engine.stop()
    await keycloak.stop()
    await stop()
  }
}
