import type { FindingEntry } from './entry.ts'

/** Findings about accounts: whom a migration changes something for. */
export const SYNAPSE_ACCOUNT_FINDINGS = {
  GUESTS: {
    severity: 'warning',
    title: 'Guests',
    why: 'MAS has no guests that log in. Their accounts are written as guests, without sessions: who uses one now is logged out.',
    remedy: 'Tell them to register, or hold them back with `accounts.guests: hold_back` in the mapping.',
    kind: 'data',
  },
  ACCOUNTS_WITHOUT_LOGIN: {
    severity: 'warning',
    title: 'People without a way to log in',
    why: 'They have neither a password nor an SSO identity that MAS will know. Their sessions go on, but once logged out they stay out.',
    remedy: 'Set a password or link an SSO identity for each in MAS, or map their provider in the mapping.',
    kind: 'data',
  },
  FOREIGN_ACCOUNTS: {
    severity: 'warning',
    title: 'Accounts of other server names',
    why: 'Their names end in another server’s name, so nobody can log in to them here. They are held back.',
    remedy: 'Look whether `server_name` is right; if it is, they are leftovers.',
    kind: 'data',
  },
  MALFORMED_ACCOUNTS: {
    severity: 'warning',
    title: 'Accounts whose name is no Matrix id',
    why: 'A name is NULL, lacks the @ or the colon, has nothing between them or a colon too many. They are held back.',
    remedy: 'Look at them in the table users; nobody can use them today.',
    kind: 'data',
  },
  APPSERVICE_USERS: {
    severity: 'notice',
    title: 'Users of application services',
    why: 'They go on logging in through their application service and are not written.',
    remedy: 'Nothing to do. Encrypted bridges need MSC4190 (`encryption.msc4190`) once MAS is on.',
    kind: 'data',
  },
  SHADOW_BANS_END: {
    severity: 'warning',
    title: 'Shadow bans that end',
    why: 'With MAS, Synapse no longer looks at the shadow ban of whoever sends a request.',
    remedy: 'Lock or deactivate these accounts, if they must stay banned.',
    kind: 'data',
  },
  UNAPPROVED_OPEN: {
    severity: 'warning',
    title: 'Accounts that wait for approval and will open',
    why: 'MAS knows no approval: whoever has a password will be let in.',
    remedy: 'Approve, lock or deactivate them first.',
    kind: 'data',
  },
  EXPIRED_OPEN: {
    severity: 'warning',
    title: 'Accounts that have expired and will open',
    why: 'Account validity is not enforced with MAS: whoever was shut out by it will be let in.',
    remedy: 'Lock or deactivate them first, if they must stay out.',
    kind: 'data',
  },
  HASHES_NOT_BCRYPT: {
    severity: 'warning',
    title: 'Password hashes that are not bcrypt',
    why: 'They are carried as they are, but no password will ever fit them; Synapse answers such a login with an error too.',
    remedy: 'Set a new password for each of these people.',
    kind: 'data',
  },
} as const satisfies Record<string, FindingEntry>
