import type { PredictedRow, PredictionReason } from '../../accounts/predictions.ts'
import type { Prediction } from '../../report/explanation.ts'
import { reasonText } from '../../report/words.ts'

/** What the list of predictions has of one account, in a sentence each. */
export const predictionWords = (row: PredictedRow): Prediction => {
  const { what, reason, deviceId, name } = row
  const why = reasonText(reason)
  switch (what) {
    case 'login stops':
      return reason === 'device_refused'
        ? {
            code: 'device_refused',
            message: `The login ${onDevice(deviceId)} ends: Synapse refuses a device id that is empty or longer than 255 characters.`,
          }
        : { code: 'login_ends', message: `The login ${onDevice(deviceId)} ends (${why}).` }
    case 'token stops':
      return {
        code: 'token_ends',
        message: `A token ${onDevice(deviceId)} stops working (${why}); the login there goes on with another.`,
      }
    case 'no new login':
      return {
        code: reason === 'password_does_not_fit' ? reason : 'no_way_to_log_in',
        message: `Nobody can log in anew: ${why}.`,
      }
    case 'way in stops':
      return reason === 'passwords_off'
        ? { code: 'password_ends', message: `Logging in with the password stops working (${why}).` }
        : { code: 'identity_ends', message: `Logging in through ${name ?? ''} stops working (${why}).` }
    case 'account opens':
      return OPENS[reason as Opening]
    case 'account closes':
      return {
        code: 'account_stays_behind',
        message: `Nobody can log in to this account any more, and its sessions end: it is held back (${why}).`,
      }
    case 'device is deleted':
      return {
        code: 'device_deleted',
        message: `The next sync deletes device ${deviceId ?? ''} with its encryption keys (${why}).`,
      }
    case 'e-mail is deleted':
      return { code: 'email_deleted', message: `The next sync deletes the e-mail address ${name ?? ''} (${why}).` }
  }
}

type Opening = Extract<PredictionReason, 'shadow_banned' | 'unapproved' | 'expired'>

const OPENS: Readonly<Record<Opening, Prediction>> = {
  shadow_banned: { code: 'shadow_ban_ends', message: 'Its shadow ban ends.' },
  unapproved: { code: 'opens_unapproved', message: 'It waits for approval today, and will be open.' },
  expired: { code: 'opens_expired', message: 'Its validity has expired, and it will be open again.' },
}

const onDevice = (deviceId: string | null): string => {
  if (deviceId === null) return 'of no device'
  return deviceId === '' ? 'on the device without a name' : `on device ${deviceId}`
}
