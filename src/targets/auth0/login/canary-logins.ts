import { agentFor } from '../../http/agent.ts'
import type { LoginResult, Stoppable } from '../../target.ts'
import { userIdOf } from '../accounts/user-id.ts'
import type { ManagementApi } from '../api/management-api.ts'
import type { PresentUser } from '../api/user.ts'
import { userById } from '../api/users-api.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { grantByPassword } from './password-grant.ts'
import { noApplication, refusalWords, settingsError } from './refusal.ts'

/** Tries passwords of people whom syn2op has moved. */
export interface CanaryLogins {
  /**
   * Logs somebody in by their password. The first login that works has Auth0 hash the password anew and forget the imported hash, as
   * any other would, so that it can be proved only once that the hash of Synapse is understood. It counts as an active user.
   * @throws Syn2opError config.invalid where auth0.yaml names no application; target.not-allowed where that one lets nobody log in;
   * server.unreachable
   */
  login(canary: { readonly mxid: string; readonly password: string }, stop: Stoppable): Promise<LoginResult>
  close(): void
}

/** By the user_id of the database; undefined: there is none. */
export type FindUser = (id: string, signal: AbortSignal) => Promise<PresentUser | undefined>

/** Nothing is asked yet: the first login does. */
export const openCanaryLogins = (
  api: ManagementApi,
  config: Auth0Config,
  userOf: FindUser = (id, signal) => userById(api, id, signal),
): CanaryLogins => {
  const agent = agentFor(config.url, { keepAlive: true })
  return {
    login: async ({ mxid, password }, { signal }) => {
      const { application, connection } = config
      if (application === undefined) throw noApplication(config)
      const user = await userOf(userIdOf(connection, mxid), signal)
      if (user === undefined) return { mxid, loggedIn: false, message: 'Auth0 has no user whom syn2op made of it' }
      const username = user.username ?? user.email ?? user.phoneNumber
      if (username === undefined) {
        return { mxid, loggedIn: false, message: 'the user has no username, e-mail address or phone number to type' }
      }
      const grant = await grantByPassword({ config, application, agent, signal }, { username, password })
      if (grant.kind === 'granted') return { mxid, loggedIn: true }
      if (grant.error === 'mfa_required')
        return { mxid, loggedIn: true, message: 'a second factor is asked for as well' }
      const wrong = settingsError(grant, { application: application.id, connection })
      if (wrong !== undefined) throw wrong
      return { mxid, loggedIn: false, message: refusalWords(grant, user) }
    },
    close: () => agent.destroy(),
  }
}
