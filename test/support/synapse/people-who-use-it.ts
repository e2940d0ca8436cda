import { callSynapse, type Json, textOf } from './client.ts'
import type { RunningSynapse } from './start.ts'

/** What people and their administrator do on a running Synapse. */
export interface Doings {
  login(localpart: string, device: string): Promise<string>
  logout(token: string): Promise<void>
  refresh(token: string): Promise<void>
  rename(token: string, device: string, name: string): Promise<void>
  /** As an administrator; a password given ends the person's logins, as it does by default. */
  change(localpart: string, body: Json): Promise<void>
}

/**
 * @param passwords by mxid; a password that is changed is changed here too.
 * @param adminToken an administrator's.
 */
export const usersOf = (
  { baseUrl, serverName }: RunningSynapse,
  passwords: Map<string, string>,
  adminToken: string,
): Doings => {
  const mxid = (localpart: string): string => `@${localpart}:${serverName}`
  const call = (method: 'POST' | 'PUT', path: string, body: Json, token?: string): Promise<Json> =>
    callSynapse(baseUrl, method, path, { body, ...(token === undefined ? {} : { token }) })
  return {
    login: async (localpart, device) => {
      const body = {
        type: 'm.login.password',
        identifier: { type: 'm.id.user', user: mxid(localpart) },
        password: passwords.get(mxid(localpart)),
        device_id: device,
      }
      return textOf(await call('POST', '/_matrix/client/v3/login', body), 'access_token')
    },
    logout: async (token) => {
      await call('POST', '/_matrix/client/v3/logout', {}, token)
    },
    refresh: async (token) => {
      await call('POST', '/_matrix/client/v3/refresh', { refresh_token: token })
    },
    rename: async (token, device, name) => {
      await call('PUT', `/_matrix/client/v3/devices/${encodeURIComponent(device)}`, { display_name: name }, token)
    },
    change: async (localpart, body) => {
      if (typeof body['password'] === 'string') passwords.set(mxid(localpart), body['password'])
      await call('PUT', `/_synapse/admin/v2/users/${encodeURIComponent(mxid(localpart))}`, body, adminToken)
    },
  }
}
