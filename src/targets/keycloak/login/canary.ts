import { agentFor } from '../../http/agent.ts'
import type { LoginResult, Stoppable } from '../../target.ts'
import { userIdOf } from '../accounts/user-id.ts'
import type { AdminApi } from '../api/admin-api.ts'
import { userById } from '../api/users-api.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import {
  type CanaryClient,
  createCanaryClient,
  deleteCanaryClient,
  leftCanaryClients,
  newCanaryClient,
} from './canary-client.ts'
import { endSession, type GrantAt, grantByPassword } from './grant.ts'
import { lookAtRefused } from './known-user.ts'
import { refusalWords } from './refusal.ts'

/** Tries passwords of people whom syn2op has moved, all by one client that exists as long as this is open. */
export interface CanaryLogins {
  /**
   * Logs somebody in by their password, and out again. The first login that works has Keycloak hash the password anew, as
   * any other would, so that it can be proved only once that the hash of Synapse is understood.
   * @throws Syn2opError target.not-allowed where syn2op's client may not make clients (manage-clients); server.unreachable
   */
  login(canary: { readonly mxid: string; readonly password: string }, stop: Stoppable): Promise<LoginResult>
  /** Deletes the client, also after a login that was aborted. */
  close(): Promise<void>
}

/** Milliseconds in which the client has to be deleted: nobody who has aborted waits longer. */
const DELETE_MS = 10_000

/** Nothing is made yet: the first login does. */
export const openCanaryLogins = (api: AdminApi, config: KeycloakConfig): CanaryLogins => {
  const agent = agentFor(config.url, { keepAlive: true })
  let made: Promise<CanaryClient> | undefined
  /** Where making one failed or was aborted, it may be there all the same. */
  const unsure: CanaryClient[] = []
  const make = async (signal: AbortSignal): Promise<CanaryClient> => {
    for (const left of await leftCanaryClients(api, signal)) await deleteCanaryClient(api, left, signal)
    // Named here, since its name says when it was made.
    const client = newCanaryClient()
    try {
      await createCanaryClient(api, client, signal)
    } catch (error) {
      unsure.push(client)
      throw error
    }
    return client
  }
  const theClient = (signal: AbortSignal): Promise<CanaryClient> => {
    made ??= make(signal).catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
  return {
    login: async ({ mxid, password }, { signal }) => {
      const user = await userById(api, userIdOf(config.realm, mxid), signal)
      if (user === undefined) return { mxid, loggedIn: false, message: 'Keycloak has no user whom syn2op made of it' }
      const { clientId } = await theClient(signal)
      const at: GrantAt = { config, agent, clientId, signal }
      const grant = await grantByPassword(at, { username: user.username, password })
      if (grant.kind === 'refused') {
        return { mxid, loggedIn: false, message: refusalWords(grant, await lookAtRefused(api, user, signal)) }
      }
      const { refreshToken } = grant
      const hasEnded = refreshToken === undefined || (await endSession(at, refreshToken))
      return hasEnded ? { mxid, loggedIn: true } : { mxid, loggedIn: true, message: 'stays logged in' }
    },
    close: async () => {
      agent.destroy()
      const client = await made?.catch(() => undefined)
      for (const one of unsure)
        await deleteCanaryClient(api, one, AbortSignal.timeout(DELETE_MS)).catch(() => undefined)
      if (client !== undefined) await deleteCanaryClient(api, client, AbortSignal.timeout(DELETE_MS))
    },
  }
}
