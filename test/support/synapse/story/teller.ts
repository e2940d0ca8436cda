import { createHmac } from 'node:crypto'
import type { OidcProvider } from '../../oidc-provider.ts'
import { callSynapse, type Json, type MatrixRequest, textOf } from '../client.ts'
import type { SynapseApplicationService } from '../configuration.ts'
import type { RunningSynapse } from '../start.ts'

/** What the story of a real Synapse needs to happen on it. */
export interface StoryScene {
  readonly synapse: RunningSynapse
  readonly oidc: { readonly idpId: string; readonly provider: OidcProvider }
  /** Its first namespace is exclusive, its second is not. */
  readonly applicationService: SynapseApplicationService
}

export interface LoginOptions {
  readonly deviceId: string
  readonly displayName?: string
}

/** The hands of the storyteller, and its notebook. */
export interface Teller extends StoryScene {
  /** Texts that the server chose, by the stories' `$labels` without the `$`. */
  readonly labels: Map<string, string>
  /** Passwords by mxid. */
  readonly passwords: Map<string, string>
  readonly adminToken: string
  mxid(localpart: string): string
  call(method: 'GET' | 'POST' | 'PUT', path: string, request?: MatrixRequest): Promise<Json>
  /** Creates or changes a user by the admin API. */
  putUser(localpart: string, body: Json): Promise<void>
  /** Logs in by password; the access token is noted under the label. */
  login(localpart: string, label: string, options: LoginOptions): Promise<string>
  note(label: string, text: string): void
}

/** Creates the first administrator by the shared secret. */
export const registerAdmin = async (synapse: RunningSynapse, username: string, password: string): Promise<void> => {
  const path = '/_synapse/admin/v1/register'
  const nonce = textOf(await callSynapse(synapse.baseUrl, 'GET', path), 'nonce')
  const parts = [nonce, username, password, 'admin']
  const mac = createHmac('sha1', synapse.registrationSecret).update(parts.join('\0')).digest('hex')
  await callSynapse(synapse.baseUrl, 'POST', path, {
    body: { nonce, username, password, admin: true, mac, inhibit_login: true },
  })
}

/** Makes the administrator and logs it in; everything else is told by the chapters. */
export const startTelling = async (scene: StoryScene): Promise<Teller> => {
  const { baseUrl, serverName } = scene.synapse
  const labels = new Map<string, string>()
  const passwords = new Map<string, string>()
  const mxid = (localpart: string): string => `@${localpart}:${serverName}`
  const call: Teller['call'] = (method, path, request) => callSynapse(baseUrl, method, path, request)
  const note = (label: string, text: string): void => {
    if (labels.has(label)) throw new Error(`The story notes $${label} twice`)
    labels.set(label, text)
  }
  const login: Teller['login'] = async (localpart, label, { deviceId, displayName }) => {
    const password = passwords.get(mxid(localpart))
    if (password === undefined) throw new Error(`The story knows no password of ${localpart}`)
    const answer = await call('POST', '/_matrix/client/v3/login', {
      body: {
        type: 'm.login.password',
        identifier: { type: 'm.id.user', user: mxid(localpart) },
        password,
        device_id: deviceId,
        ...(displayName !== undefined && { initial_device_display_name: displayName }),
      },
    })
    const token = textOf(answer, 'access_token')
    note(label, token)
    return token
  }

  passwords.set(mxid('admin'), 'admin’s password')
  await registerAdmin(scene.synapse, 'admin', 'admin’s password')
  const adminToken = await login('admin', 'admin.console', { deviceId: 'CONSOLE', displayName: 'console' })

  const putUser: Teller['putUser'] = async (localpart, body) => {
    if (typeof body['password'] === 'string') passwords.set(mxid(localpart), body['password'])
    const path = `/_synapse/admin/v2/users/${encodeURIComponent(mxid(localpart))}`
    await call('PUT', path, { token: adminToken, body })
  }
  return { ...scene, labels, passwords, adminToken, mxid, call, putUser, login, note }
}
