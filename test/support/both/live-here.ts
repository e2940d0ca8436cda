import { callSynapse, type Json, textOf } from '../synapse/client.ts'
import type { RunningSynapse } from '../synapse/start.ts'
import { registerAdmin } from '../synapse/story/teller.ts'

/** Somebody of a Synapse, before the move. */
export interface Inhabitant {
  readonly localpart: string
  /** Absent: they log in by the provider alone. */
  readonly password?: string
  /** By whom the provider knows them. */
  readonly subject?: string
  /** What an administrator of Synapse has made of them in the end. */
  readonly state?: 'locked' | 'deactivated'
}

/** The name that Synapse has for the provider. */
export const SYNAPSE_IDP_ID = 'op'

/**
 * Lets people live at a Synapse: with their passwords, addresses, SSO identities, and a device of whoever has a password.
 * @returns the access token of each device, by localpart
 */
export const liveHere = async (
  { baseUrl, serverName, ...synapse }: RunningSynapse,
  people: readonly Inhabitant[],
): Promise<ReadonlyMap<string, string>> => {
  const mxid = (localpart: string): string => `@${localpart}:${serverName}`
  const login = async (localpart: string, password: string): Promise<string> => {
    const identifier = { type: 'm.id.user', user: mxid(localpart) }
    const body = { type: 'm.login.password', identifier, password, device_id: deviceOf(localpart) }
    return textOf(await callSynapse(baseUrl, 'POST', '/_matrix/client/v3/login', { body }), 'access_token')
  }
  await registerAdmin({ baseUrl, serverName, ...synapse }, 'boss', 'boss’s password')
  const token = await login('boss', 'boss’s password')
  const put = async (localpart: string, body: Json): Promise<void> => {
    const path = `/_synapse/admin/v2/users/${encodeURIComponent(mxid(localpart))}`
    await callSynapse(baseUrl, 'PUT', path, { token, body })
  }
  const tokens = new Map<string, string>()
  for (const { localpart, password, subject, state } of people) {
    await put(localpart, {
      displayname: localpart.toUpperCase(),
      threepids: [{ medium: 'email', address: `${encodeURIComponent(localpart)}@${serverName}` }],
      ...(password !== undefined && { password }),
      ...(subject !== undefined && {
        external_ids: [{ auth_provider: `oidc-${SYNAPSE_IDP_ID}`, external_id: subject }],
      }),
    })
    if (password !== undefined) tokens.set(localpart, await login(localpart, password))
    if (state !== undefined) await put(localpart, { [state]: true })
  }
  return tokens
}

/** The device that somebody has before the move. */
export const deviceOf = (localpart: string): string => `DEVICE-${localpart}`
