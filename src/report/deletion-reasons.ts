/** Why the target would make Synapse delete what was carried to it: beside the reasons for which rows are left. */
export const DELETION_REASONS = {
  session_ended: 'logged out at the target',
  session_missing: 'no session at the target',
  email_missing: 'not at the target',
} as const

export type DeletionReason = keyof typeof DELETION_REASONS
