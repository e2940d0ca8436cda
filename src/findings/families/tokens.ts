import { sql } from 'kysely'
import { carried, told } from '../conditions.ts'
import type { FindingEntry } from '../entry.ts'

/** Findings about access tokens and refresh tokens: which logins stop working. */
export const TOKEN_FINDINGS = {
  TOKENS_NOT_ACCEPTED: {
    severity: 'warning',
    title: 'Access tokens that MAS refuses',
    why: 'They are neither `syt_…` nor macaroons. They are left, and who uses one has to log in again.',
    remedy:
      'Find the scripts that use such tokens and log them in again after the migration; `syn2op plan --report predictions=FILE` lists them.',
    kind: 'data',
    targets: ['mas'],
    counted: {
      by: 'reasons',
      reasons: ['token_not_accepted'],
      say: told('token has a format that MAS refuses and is', 'tokens have a format that MAS refuses and are', ' left'),
    },
  },
  TOKENS_OF_NO_DEVICE: {
    severity: 'warning',
    title: 'Tokens whose device is gone',
    why: 'Their device was deleted or is none, yet Synapse still honours them. They are left: carried, a session that was ended would live on.',
    remedy: 'Log in again wherever one of them is still in use; `syn2op plan --report predictions=FILE` lists them.',
    kind: 'data',
    counted: {
      by: 'reasons',
      reasons: ['device_gone', 'device_hidden'],
      say: told('token belongs to no device and is', 'tokens belong to no device and are', ' left'),
    },
  },
  TOKEN_PAIRS_MIXED: {
    severity: 'warning',
    title: 'Pairs of tokens of two devices',
    why: 'An access token and its refresh token name different users or devices. Both are left.',
    remedy: 'Whoever uses one has to log in again; `syn2op plan --report predictions=FILE` lists them.',
    kind: 'data',
    counted: {
      by: 'reasons',
      reasons: ['refresh_token_mismatch'],
      say: told(
        'token is paired with a token of another device and is',
        'tokens are paired with a token of another device and are',
        ' left',
      ),
    },
  },
  PUPPET_TOKENS: {
    severity: 'notice',
    title: 'Tokens of administrators for other users',
    why: 'Made by the admin API to act as somebody else; MAS has no such thing. They are left and stop working.',
    remedy: 'Use the admin API of MAS for personal sessions instead.',
    kind: 'data',
    counted: {
      by: 'reasons',
      reasons: ['puppet_token'],
      say: told(
        'token of an administrator for another user is',
        'tokens of administrators for other users are',
        ' left',
      ),
    },
  },
  SESSIONS_ENDED: {
    severity: 'notice',
    title: 'Tokens of sessions that Synapse has ended',
    why: 'Expired, or replaced by a newer token that has been used. They are left, since MAS would honour them again.',
    remedy: 'Nothing to do.',
    asks: false,
    kind: 'data',
    counted: {
      by: 'reasons',
      reasons: ['refresh_token_expired', 'superseded'],
      say: told(
        'token belongs to a session that Synapse has ended and is',
        'tokens belong to sessions that Synapse has ended and are',
        ' left',
      ),
    },
  },
  TOKENS_EXPIRED: {
    severity: 'notice',
    title: 'Access tokens that have expired and are carried',
    why: 'They open nothing today and open nothing afterwards, since their time of expiry goes with them. Where a client has a refresh token it gets a new one; else its person logs in again, as today.',
    remedy: 'Nothing to do.',
    asks: false,
    kind: 'data',
    counted: {
      by: 'rows',
      rows: [
        {
          of: 'access_token',
          where: ({ rules }) => sql`${carried} AND expires_ms <= ${sql.lit(rules.asOf)}`,
        },
      ],
      say: told('access token that is carried has expired', 'access tokens that are carried have expired'),
    },
  },
  TOKENS_WITHOUT_DEVICE: {
    severity: 'notice',
    title: 'Access tokens that name no device',
    why: 'Made for scripts and by very old clients. Each goes on as a session of its own without a device, with the rights of its account.',
    remedy: 'Nothing to do.',
    asks: false,
    kind: 'data',
    targets: ['mas'],
    counted: {
      by: 'rows',
      rows: [{ of: 'access_token', where: () => sql`${carried} AND device_id IS NULL` }],
      say: told('access token that names no device goes on', 'access tokens that name no device go on'),
    },
  },
} as const satisfies Record<string, FindingEntry>
