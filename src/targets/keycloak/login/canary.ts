import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { LoginResult, Stoppable } from '../../target.ts'
import { userIdOf } from '../accounts/user-id.ts'
import type { AdminApi } from '../api/admin-api.ts'
import { userById } from '../api/users-api.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import { createCanaryClient, deleteCanaryClient, leftCanaryClients, newCanaryClient } from './canary-client.ts'
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
  const agent = new (config.url.startsWith('https:') ? HttpsAgent : HttpAgent)({ keepAlive: true })
  const client = newCanaryClient()
  let made: Promise<void> | undefined
  const make = async (signal: AbortSignal): Promise<void> => {
    for (const left of await leftCanaryClients(api, signal)) await deleteCanaryClient(api, left, signal)
    await createCanaryClient(api, client, signal)
  }
  return {
    login: async ({ mxid, password }, { signal }) => {
      const user = await userById(api, userIdOf(config.realm, mxid), signal)
      if (user === undefined) return { mxid, loggedIn: false, message: 'Keycloak has no user whom syn2op made of it' }
      made ??= make(signal)
      await made
      const at: GrantAt = { config, agent, clientId: client.clientId, signal }
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
      if (made === undefined) return
      // Where making it failed or was aborted, it may be there all the same.
      const isMade = await made.then(
        () => true,
        () => false,
      )
      const deleted = deleteCanaryClient(api, client, AbortSignal.timeout(DELETE_MS))
      await (isMade ? deleted : deleted.catch(() => undefined))
    },
  }
}
