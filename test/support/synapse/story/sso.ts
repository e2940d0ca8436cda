import { textOf, whoami } from '../client.ts'
import { ssoLoginToken } from '../sso-login.ts'
import type { Teller } from './teller.ts'

const loginBySso = async (
  { synapse, oidc, call, note }: Teller,
  localpart: string,
  {
    label,
    deviceId,
    displayName,
  }: { readonly label: string; readonly deviceId: string; readonly displayName?: string },
): Promise<void> => {
  const person = { subject: `subject-of-${localpart}`, username: localpart }
  const token = await ssoLoginToken(synapse.baseUrl, oidc.provider, oidc.idpId, person)
  const answer = await call('POST', '/_matrix/client/v3/login', {
    body: {
      type: 'm.login.token',
      token,
      device_id: deviceId,
      ...(displayName !== undefined && { initial_device_display_name: displayName }),
    },
  })
  const accessToken = textOf(answer, 'access_token')
  note(label, accessToken)
  // Seen devices have a time, an address and a user agent; those that only logged in have none.
  await whoami(synapse.baseUrl, accessToken, 'Story/1.0')
}

/** real-synapse/sso.yaml */
export const tellSso = async (teller: Teller): Promise<void> => {
  await loginBySso(teller, 'sso', { label: 'sso.laptop', deviceId: 'LAPTOP', displayName: 'laptop' })
  await loginBySso(teller, 'both', { label: 'both.device', deviceId: 'BOTH' })
  await teller.putUser('both', { password: 'both’s password', logout_devices: false })
  await teller.putUser('typed', {
    password: 'typed’s password',
    external_ids: [
      { auth_provider: 'oidc-op', external_id: 'typed-1' },
      { auth_provider: 'oidc-op', external_id: 'typed-2' },
      { auth_provider: 'oidc-op', external_id: 'x'.repeat(500) },
      { auth_provider: 'op', external_id: 'typed-1' },
      { auth_provider: 'Oidc-Op', external_id: 'typed-1' },
      { auth_provider: '', external_id: 'typed-1' },
      { auth_provider: 'oauth-delegated', external_id: '01JSHPZHAXC50QBKH67MH33TNZ' },
    ],
  })
}
