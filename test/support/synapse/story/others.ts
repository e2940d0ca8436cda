import { textOf, whoami } from '../client.ts'
import type { Teller } from './teller.ts'

const registerGuest = async ({ call, note }: Teller, label: string): Promise<{ localpart: string; token: string }> => {
  const answer = await call('POST', '/_matrix/client/v3/register?kind=guest', { body: {} })
  const mxid = textOf(answer, 'user_id')
  const localpart = mxid.slice(1, mxid.indexOf(':'))
  note(`${label}.mxid`, mxid)
  note(`${label}.localpart`, localpart)
  const token = textOf(answer, 'access_token')
  note(`${label}.guest_token`, token)
  return { localpart, token }
}

const upgradeGuest = async (teller: Teller): Promise<void> => {
  const { synapse, call, note, passwords, mxid } = teller
  const { localpart, token } = await registerGuest(teller, 'upgraded')
  await whoami(synapse.baseUrl, token, 'Story/1.0')
  const password = 'upgraded’s password'
  const answer = await call('POST', '/_matrix/client/v3/register', {
    body: {
      username: localpart,
      password,
      guest_access_token: token,
      device_id: 'UPGRADED',
      auth: { type: 'm.login.dummy' },
    },
  })
  passwords.set(mxid(localpart), password)
  note('upgraded.device', textOf(answer, 'access_token'))
}

const tellApplicationService = async ({ call, applicationService, note }: Teller): Promise<void> => {
  const register = (username: string, options: { readonly deviceId?: string }) =>
    call('POST', '/_matrix/client/v3/register', {
      token: applicationService.token,
      body: {
        type: 'm.login.application_service',
        username,
        ...(options.deviceId === undefined ? { inhibit_login: true } : { device_id: options.deviceId }),
      },
    })
  note('ghost.device', textOf(await register('_irc_ghost', { deviceId: 'GHOST' }), 'access_token'))
  for (const username of ['_irc_Capital', '_irc_co:lon', '_irc_ü[weird]']) await register(username, {})
  note('shared_bot.device', textOf(await register('shared_bot', { deviceId: 'SHARED' }), 'access_token'))
}

/** real-synapse/others.yaml */
export const tellOthers = async (teller: Teller): Promise<void> => {
  await registerGuest(teller, 'guest')
  await upgradeGuest(teller)
  await tellApplicationService(teller)
}
