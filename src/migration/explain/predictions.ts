import type { ExplainedAccount, ExplainedRow, Prediction } from '../../report/explanation.ts'
import { reasonText } from '../../report/words.ts'

type RowOf<Relation extends ExplainedRow['relation']> = Extract<ExplainedRow, { relation: Relation }>
type Token = RowOf<'access_token'> | RowOf<'refresh_token'>

/** Held back, and nothing changes for them: they never log in through the provider. */
const UNTOUCHED: readonly string[] = ['appservice_user', 'ghost_namespace', 'deactivated', 'foreign_server_name']

/**
 * What will stop working for the people of an account, or begin to, once Synapse leaves logins to the target. The
 * target tells Synapse to delete the devices and e-mail addresses that it does not know when it next syncs the account.
 */
export const predict = (account: ExplainedAccount, rows: readonly ExplainedRow[]): readonly Prediction[] => {
  if (account.decision === 'hold back') return heldBack(account)
  // Nobody uses it, but a sync cleans it up like any other.
  if (account.deactivated) return deletions(rows)
  return [...waysIn(account, rows), ...opened(account), ...sessions(rows), ...deletions(rows)]
}

const heldBack = ({ reason = '' }: ExplainedAccount): readonly Prediction[] =>
  UNTOUCHED.includes(reason)
    ? []
    : [
        {
          code: 'account_stays_behind',
          message: `Nobody can log in to this account any more, and its sessions end: it is held back (${reasonText(reason)}).`,
        },
      ]

const waysIn = ({ guest }: ExplainedAccount, rows: readonly ExplainedRow[]): readonly Prediction[] => {
  const password = rows.find((row) => row.relation === 'password')
  const identities = rows.filter((row) => row.relation === 'external_id')
  // A left-over of an earlier delegation never was a way in.
  const left = identities.filter(({ decision, reason }) => decision === 'leave' && reason !== 'oauth_delegated')
  const carried = identities.some(({ decision }) => decision === 'carry')
  const noWay = password === undefined && !carried
  return [
    ...(noWay && !guest
      ? [
          prediction(
            'no_way_to_log_in',
            'Nobody can log in anew: there is no password and no SSO identity that the target knows.',
          ),
        ]
      : []),
    ...(password?.form === 'no bcrypt hash'
      ? [prediction('password_does_not_fit', 'No password fits: what Synapse holds is no bcrypt hash.')]
      : []),
    ...left.map(({ authProvider, reason = '' }) =>
      prediction('identity_ends', `Logging in through ${authProvider} stops working (${reasonText(reason)}).`),
    ),
  ]
}

const opened = ({ shadowBanned, approved, expired }: ExplainedAccount): readonly Prediction[] => [
  ...(shadowBanned ? [prediction('shadow_ban_ends', 'Its shadow ban ends.')] : []),
  ...(approved ? [] : [prediction('opens_unapproved', 'It waits for approval today, and will be open.')]),
  ...(expired ? [prediction('opens_expired', 'Its validity has expired, and it will be open again.')] : []),
]

const sessions = (rows: readonly ExplainedRow[]): readonly Prediction[] => {
  const tokens = rows.filter(
    (row): row is Token =>
      (row.relation === 'access_token' || row.relation === 'refresh_token') && row.reason !== 'puppet_token',
  )
  const devices = [...new Set(tokens.map(({ deviceId }) => deviceId))]
  return devices.flatMap((deviceId): readonly Prediction[] => {
    const own = tokens.filter((token) => token.deviceId === deviceId)
    const which = deviceId === undefined ? 'of no device' : `on device ${deviceId}`
    if (own.every(({ decision }) => decision === 'leave')) {
      const reasons = [...new Set(own.map(({ reason = '' }) => reasonText(reason)))]
      return [prediction('login_ends', `The login ${which} ends (${reasons.join('; ')}).`)]
    }
    return deviceId !== undefined && isRefused(deviceId)
      ? [
          prediction(
            'device_refused',
            `The login ${which} ends: Synapse refuses a device id that is empty or longer than 255 characters.`,
          ),
        ]
      : []
  })
}

const isRefused = (deviceId: string): boolean => deviceId === '' || [...deviceId].length > 255

const deletions = (rows: readonly ExplainedRow[]): readonly Prediction[] =>
  rows.flatMap((row): readonly Prediction[] => {
    if (row.decision === 'carry') return []
    const why = reasonText(row.reason ?? '')
    // Cross-signing keys stand among the devices, and no sync takes them for one.
    if (row.relation === 'session' && row.reason !== 'hidden_device') {
      return [
        prediction('device_deleted', `The next sync deletes device ${row.deviceId} with its encryption keys (${why}).`),
      ]
    }
    if (row.relation === 'threepid' && row.medium === 'email') {
      return [prediction('email_deleted', `The next sync deletes the e-mail address ${row.address} (${why}).`)]
    }
    return []
  })

const prediction = (code: Prediction['code'], message: string): Prediction => ({ code, message })
