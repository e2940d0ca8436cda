/** Why an account is held back for the sake of somebody else's at the target, by the codes that targets give. */
export const CONFLICT_REASONS = {
  username_taken: 'somebody else has the name',
  email_taken: 'somebody else has the e-mail',
  identity_taken: 'somebody else has the SSO identity',
  token_taken: 'another session has the token',
} as const

export type ConflictReason = keyof typeof CONFLICT_REASONS
