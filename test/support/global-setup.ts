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
    const ends = [await settled(engine.stop()), await settled(keycloak.stop()), await settled(stop())]
    const failed = ends.find((end) => end.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }
}

/** One that cannot be ended must not let the others run on. */
const settled = async (end: Promise<void>): Promise<PromiseSettledResult<void>> => {
  const [result] = await Promise.allSettled([end])
  return result
}
