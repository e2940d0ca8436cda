/** Why a token or a password is expected to work no longer, beside the reasons for which rows are left. */
export const PROOF_REASONS = {
  not_in_source: 'Synapse does not know it',
  of_somebody_else: 'Synapse has it under another user or device',
  token_expired: 'expired',
  session_ended: 'logged out at the target',
  account_locked: 'of a locked account',
  device_id_not_accepted: 'its device id is empty or longer than 255 characters, which Synapse refuses from MAS',
  no_password: 'the account has no password',
} as const

export type ProofReason = keyof typeof PROOF_REASONS
