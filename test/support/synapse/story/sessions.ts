import { callSynapse, type Json, textOf } from '../client.ts'
import { crossSigningKey, deviceKeys, signed, signingKey } from './crypto.ts'
import type { Teller } from './teller.ts'

const encrypt = async ({ call, mxid, note, passwords }: Teller, token: string): Promise<void> => {
  const userId = mxid('devices')
  await call('POST', '/_matrix/client/v3/keys/upload', { token, body: { device_keys: deviceKeys(userId, 'TWICE') } })
  const [master, selfSigning, userSigning] = [signingKey(), signingKey(), signingKey()] as const
  await call('POST', '/_matrix/client/v3/keys/device_signing/upload', {
    token,
    body: {
      master_key: crossSigningKey(userId, 'master', master),
      self_signing_key: signed(userId, master, crossSigningKey(userId, 'self_signing', selfSigning)),
      user_signing_key: signed(userId, master, crossSigningKey(userId, 'user_signing', userSigning)),
      auth: {
        type: 'm.login.password',
        identifier: { type: 'm.id.user', user: userId },
        password: passwords.get(userId),
      },
    },
  })
  note('devices.master', master.publicKey)
  note('devices.self_signing', selfSigning.publicKey)
  note('devices.user_signing', userSigning.publicKey)

  const dehydrated = signingKey().publicKey
  await call('PUT', '/_matrix/client/unstable/org.matrix.msc3814.v1/dehydrated_device', {
    token,
    body: {
      device_id: dehydrated,
      initial_device_display_name: 'asleep',
      device_data: { algorithm: 'org.matrix.msc3814.v2.dehydrated_device', account: 'asleep' },
      device_keys: deviceKeys(userId, dehydrated),
      one_time_keys: {},
      fallback_keys: {},
    },
  })
  note('devices.dehydrated', dehydrated)
}

const tellDevices = async (teller: Teller): Promise<void> => {
  const { putUser, login, call, mxid, adminToken, note } = teller
  await putUser('devices', { password: 'devices’ password' })
  const first = await login('devices', 'devices.twice.first', { deviceId: 'TWICE', displayName: 'first\nname' })
  await login('devices', 'devices.twice.second', { deviceId: 'TWICE', displayName: 'second name' })
  await login('devices', 'devices.empty', { deviceId: '' })
  await login('devices', 'devices.long', { deviceId: 'L'.repeat(300) })
  await login('devices', 'devices.guest_device', { deviceId: 'guest_device' })
  await encrypt(teller, first)
  const puppet = await call('POST', `/_synapse/admin/v1/users/${encodeURIComponent(mxid('devices'))}/login`, {
    token: adminToken,
    body: {},
  })
  note('admin.puppet', textOf(puppet, 'access_token'))
}

const tellLeaver = async ({ putUser, login, call }: Teller): Promise<void> => {
  await putUser('leaver', { password: 'leaver’s password' })
  await login('leaver', 'leaver.stays', { deviceId: 'STAYS' })
  const token = await login('leaver', 'leaver.leaves', { deviceId: 'LEAVES' })
  await call('POST', '/_matrix/client/v3/logout', { token, body: {} })
}

interface Pair {
  readonly access: string
  readonly refresh: string
}

const refreshed = async ({ synapse }: Teller, refresh: string): Promise<Pair> => {
  const answer = await callSynapse(synapse.baseUrl, 'POST', '/_matrix/client/v3/refresh', {
    body: { refresh_token: refresh },
  })
  return { access: textOf(answer, 'access_token'), refresh: textOf(answer, 'refresh_token') }
}

const tellRefresher = async (teller: Teller): Promise<void> => {
  const { putUser, call, mxid, passwords, note } = teller
  await putUser('refresher', { password: 'refresher’s password' })
  const login = async (deviceId: string): Promise<Pair> => {
    const answer = await call('POST', '/_matrix/client/v3/login', {
      body: {
        type: 'm.login.password',
        identifier: { type: 'm.id.user', user: mxid('refresher') },
        password: passwords.get(mxid('refresher')),
        device_id: deviceId,
        refresh_token: true,
      },
    })
    return { access: textOf(answer, 'access_token'), refresh: textOf(answer, 'refresh_token') }
  }
  const notePair = (device: string, { access, refresh }: Pair, which?: string): void => {
    const suffix = which === undefined ? '' : `.${which}`
    note(`${device}.access${suffix}`, access)
    note(`${device}.refresh${suffix}`, refresh)
  }
  const use = (token: string): Promise<Json> => call('GET', '/_matrix/client/v3/account/whoami', { token })

  notePair('unused', await login('UNUSED'))

  const rotatedOld = await login('ROTATED')
  const rotatedNew = await refreshed(teller, rotatedOld.refresh)
  await use(rotatedNew.access)
  notePair('rotated', rotatedOld, 'old')
  notePair('rotated', rotatedNew, 'new')

  const pendingOld = await login('PENDING')
  notePair('pending', pendingOld, 'old')
  notePair('pending', await refreshed(teller, pendingOld.refresh), 'new')

  const first = await login('CHAINED')
  const second = await refreshed(teller, first.refresh)
  notePair('chained', first, 'first')
  notePair('chained', second, 'second')
  notePair('chained', await refreshed(teller, second.refresh), 'third')

  const forkedOld = await login('FORKED')
  notePair('forked', forkedOld, 'old')
  notePair('forked', await refreshed(teller, forkedOld.refresh), 'void')
  notePair('forked', await refreshed(teller, forkedOld.refresh), 'kept')
}

/** real-synapse/sessions.yaml */
export const tellSessions = async (teller: Teller): Promise<void> => {
  await tellDevices(teller)
  await tellLeaver(teller)
  await tellRefresher(teller)
}
