/** What will be different for people once the target is in use. */
export const PREDICTION_KINDS = [
  'login stops',
  'token stops',
  'no new login',
  'way in stops',
  'account opens',
  'account closes',
  'device is deleted',
  'e-mail is deleted',
] as const

export type PredictionKind = (typeof PREDICTION_KINDS)[number]

/** Why, where it is not the reason for which a row is left or an account held back: in a few words. */
export const PREDICTION_REASONS = {
  device_refused: 'Synapse will refuse the device’s id: empty, or longer than 255 characters',
  no_way_in: 'no password, and no SSO identity that the target knows',
  password_does_not_fit: 'what Synapse holds is no bcrypt hash, so no password fits',
  passwords_off: 'the target takes no passwords',
  provider_off: 'its SSO provider is switched off at the target',
  shadow_banned: 'its shadow ban ends',
  unapproved: 'waits for approval today',
  expired: 'its validity has expired',
} as const

export type PredictionReason = keyof typeof PREDICTION_REASONS

/** One thing that will be different, of one account. Never with a token. */
export interface PredictedRow {
  /** Empty for an account that has no name. */
  readonly mxid: string
  /** null: of no device. */
  readonly deviceId: string | null
  readonly what: PredictionKind
  /** A code of `REASONS`, `PREDICTION_REASONS`, or what a target adds. */
  readonly reason: string
  /** The e-mail address, or Synapse's name of the SSO provider. */
  readonly name: string | null
}
