import { DEMO, DEMO_PROVIDERS } from './constants.ts'
import { DEMO_PASSWORDS } from './passwords.ts'
import {
  accessToken,
  account,
  type DemoRow,
  type DemoRows,
  device,
  deviceKeys,
  externalId,
  namesOn,
  profile,
  refreshToken,
  threepid,
} from './rows.ts'

/** A person of the demo whose ways to log in are known, for proofs after a migration. */
export interface DemoCanary {
  readonly localpart: string
  readonly displayName: string
  readonly password?: { readonly password: string; readonly hash: string }
  /** Provider and subject. */
  readonly externalId?: { readonly authProvider: string; readonly subject: string }
  readonly device: string
  readonly accessToken: string
  readonly refreshToken?: string
  /** Columns of `users` that are not as usual. */
  readonly account?: DemoRow
}

const [keycloak, github, legacy] = DEMO_PROVIDERS.map(({ authProvider }) => authProvider)

export const DEMO_CANARIES: readonly DemoCanary[] = [
  {
    localpart: 'alice',
    displayName: 'Alice',
    password: DEMO_PASSWORDS.horse,
    externalId: { authProvider: keycloak ?? '', subject: 'b4a2b8f0-6a39-4c7f-9d43-0f3f7b1d5a01' },
    device: 'ALICEPHONE',
    accessToken: 'syt_YWxpY2U_aliceaccessalicetok_1a2B3c',
    refreshToken: 'syr_alicerefreshalicetok_4d5E6f',
  },
  {
    localpart: 'bob',
    displayName: 'Bob',
    password: DEMO_PASSWORDS.uncle,
    device: 'BOBLAPTOP',
    accessToken: 'syt_Ym9i_bobaccessbobaccessbo_7g8H9i',
  },
  {
    localpart: 'carol',
    displayName: 'Carol',
    externalId: { authProvider: github ?? '', subject: '583231' },
    device: 'CAROLTABLET',
    accessToken: 'syt_Y2Fyb2w_carolaccesscaroltok_0j1K2l',
  },
  {
    localpart: 'dave',
    displayName: 'Dave',
    externalId: { authProvider: legacy ?? '', subject: 'dave' },
    device: 'DAVEWATCH',
    accessToken: 'syt_ZGF2ZQ_daveaccessdaveacces_3m4N5o',
  },
  {
    localpart: 'erin',
    displayName: 'Erin, who runs the server',
    password: DEMO_PASSWORDS.troubadour,
    device: 'ERINDESK',
    accessToken: 'syt_ZXJpbg_erinaccesserinacces_6p7Q8r',
    account: { admin: 1 },
  },
  {
    localpart: 'ulf',
    displayName: 'Ülf Ångström',
    password: DEMO_PASSWORDS.unicode,
    device: 'ULFPHONE',
    accessToken: 'syt_dWxm_ulfaccessulfaccessul_9s0T1u',
  },
  {
    localpart: 'lena',
    displayName: 'Lena of the long password',
    password: DEMO_PASSWORDS.long,
    device: 'LENAPHONE',
    accessToken: 'syt_bGVuYQ_lenaaccesslenaacces_2v3W4x',
  },
]

/** Refresh tokens and access tokens of the canaries have ids from this one on. */
const FIRST_ID = 50_000

/** The rows of the canaries on a server. */
export const canaryRows = (serverName: string): DemoRows => {
  const at = namesOn(serverName)
  const withRefresh = DEMO_CANARIES.map((canary, index) => ({
    ...canary,
    mxid: at(canary.localpart),
    id: FIRST_ID + index,
  }))
  return {
    users: withRefresh.map(({ mxid, password, account: more }) =>
      account(mxid, { password_hash: password?.hash ?? null, ...more }),
    ),
    profiles: withRefresh.map(({ localpart, mxid, displayName }) =>
      profile(localpart, mxid, { displayname: displayName }),
    ),
    user_threepids: withRefresh.map(({ localpart, mxid }) => threepid(mxid, `${localpart}@canary.example`)),
    user_external_ids: withRefresh.flatMap(({ mxid, externalId: identity }) =>
      identity === undefined ? [] : [externalId(mxid, identity.authProvider, identity.subject)],
    ),
    devices: withRefresh.map(({ mxid, device: deviceId }) => device(mxid, deviceId)),
    e2e_device_keys_json: withRefresh.map(({ mxid, device: deviceId }) => deviceKeys(mxid, deviceId)),
    refresh_tokens: withRefresh.flatMap(({ id, mxid, device: deviceId, refreshToken: token }) =>
      token === undefined ? [] : [refreshToken(id, mxid, deviceId, token, { expiry_ts: DEMO.farFuture })],
    ),
    access_tokens: withRefresh.map(({ id, mxid, device: deviceId, accessToken: token, refreshToken: refresh }) =>
      accessToken(mxid, deviceId, token, { id, refresh_token_id: refresh === undefined ? null : id }),
    ),
  }
}
