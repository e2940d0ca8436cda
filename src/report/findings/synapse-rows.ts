import type { FindingEntry } from './entry.ts'

/** Findings about what accounts own: devices, tokens, addresses, identities. */
export const SYNAPSE_ROW_FINDINGS = {
  DEVICES_REFUSED: {
    severity: 'warning',
    title: 'Devices whose id Synapse will refuse',
    why: 'With MAS, Synapse refuses a device id that is empty or longer than 255 characters. The device stays with its keys, but its person has to log in again.',
    remedy: 'Tell these people beforehand.',
    kind: 'data',
  },
  TOKENS_NOT_ACCEPTED: {
    severity: 'warning',
    title: 'Access tokens that MAS refuses',
    why: 'They are neither `syt_…` nor macaroons. They are left, and who uses one has to log in again.',
    remedy: 'Find the scripts that use such tokens and log them in again after the migration.',
    kind: 'data',
  },
  TOKENS_OF_NO_DEVICE: {
    severity: 'warning',
    title: 'Tokens whose device is gone',
    why: 'Their device was deleted or is none, yet Synapse still honours them. They are left: carried, a session that was ended would live on.',
    remedy: 'Log in again wherever one of them is still in use.',
    kind: 'data',
  },
  TOKEN_PAIRS_MIXED: {
    severity: 'warning',
    title: 'Pairs of tokens of two devices',
    why: 'An access token and its refresh token name different users or devices. Both are left.',
    remedy: 'Whoever uses one has to log in again.',
    kind: 'data',
  },
  PUPPET_TOKENS: {
    severity: 'notice',
    title: 'Tokens of administrators for other users',
    why: 'Made by the admin API to act as somebody else; MAS has no such thing. They are left and stop working.',
    remedy: 'Use the admin API of MAS for personal sessions instead.',
    kind: 'data',
  },
  SESSIONS_ENDED: {
    severity: 'notice',
    title: 'Tokens of sessions that Synapse has ended',
    why: 'Expired, or replaced by a newer token that has been used. They are left, since MAS would honour them again.',
    remedy: 'Nothing to do.',
    kind: 'data',
  },
  PHONES: {
    severity: 'notice',
    title: 'Phone numbers and other addresses',
    why: 'MAS keeps them aside and does nothing with them: nobody can log in or be found by them.',
    remedy: 'Nothing to do.',
    kind: 'data',
  },
  EMAIL_OLD: {
    severity: 'notice',
    title: 'E-mail addresses that Synapse itself set aside',
    why: 'Duplicates from 2016 under the medium email_old; they are nobody’s address now and are left.',
    remedy: 'Nothing to do.',
    kind: 'data',
  },
  VALUES_TOO_LONG: {
    severity: 'warning',
    title: 'Values too long for an index of MAS',
    why: 'PostgreSQL cannot index a value of more than about 2,700 bytes. These identities or addresses are left.',
    remedy: 'Shorten them, if anybody uses them.',
    kind: 'data',
  },
  DUPLICATE_SUBJECTS: {
    severity: 'warning',
    title: 'One subject twice under one provider',
    why: 'Two of Synapse’s provider names lead to one provider of MAS, and both know this subject. The identity under the provider’s own name is carried.',
    remedy: 'Look at the identities that are left; correct `providers` in the mapping if they belong elsewhere.',
    kind: 'data',
  },
  ORPHANS: {
    severity: 'notice',
    title: 'Rows of accounts that do not exist',
    why: 'Somebody deleted the accounts by hand. Nobody can use these rows; they are left.',
    remedy: 'Nothing to do.',
    kind: 'data',
  },
  TIMES_OUT_OF_RANGE: {
    severity: 'notice',
    title: 'Times that cannot be',
    why: 'Before 1970 or after 9999. They are written as the nearest time that can be.',
    remedy: 'Nothing to do.',
    kind: 'data',
  },
} as const satisfies Record<string, FindingEntry>
