import { inject } from 'vitest'
import { z } from 'zod'
import type { KeycloakAddress } from './server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Whom to ask for the Keycloak that all tests of a run share; see `offerKeycloak`. */
    keycloakOffer: string
  }
}

const ADDRESS = z.object({
  url: z.string(),
  adminUser: z.string(),
  adminPassword: z.string(),
  pepper: z.string().exactOptional(),
  database: z.string().exactOptional(),
})

/** The server that SYN2OP_TEST_KEYCLOAK_URL names, with _ADMIN_USER, _ADMIN_PASSWORD and _PEPPER. */
const givenServer = (env: NodeJS.ProcessEnv): KeycloakAddress | undefined => {
  const url = env['SYN2OP_TEST_KEYCLOAK_URL']
  if (url === undefined) return undefined
  const pepper = env['SYN2OP_TEST_KEYCLOAK_PEPPER']
  return {
    url: url.replace(/\/+$/, ''),
    adminUser: env['SYN2OP_TEST_KEYCLOAK_ADMIN_USER'] ?? 'admin',
    adminPassword: env['SYN2OP_TEST_KEYCLOAK_ADMIN_PASSWORD'] ?? 'admin',
    ...(pepper === undefined ? {} : { pepper }),
  }
}

/**
 * The Keycloak that all test files of a run share; the first that asks waits until it is up. Make a realm of your own in
 * it (`newRealm`), and leave the others alone.
 * @throws Error with the last lines of its log when it does not come up
 */
export const sharedKeycloak = async (): Promise<KeycloakAddress> => {
  const given = givenServer(process.env)
  if (given !== undefined) return given
  const answer = await fetch(inject('keycloakOffer'))
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  return ADDRESS.parse(JSON.parse(text))
}
