/** Why an account is held back, or why a row that belongs to it is left. */
export interface Reason {
  readonly applies: 'account' | 'row'
  /** For a table of results: a few words. */
  readonly text: string
  /** For the reference: one or two sentences. */
  readonly why: string
}

export const REASONS = {
  appservice_user: {
    applies: 'account',
    text: 'belongs to an application service',
    why: 'Bridges and bots keep logging in through their application service; the OpenID Provider never sees them.',
  },
  ghost_namespace: {
    applies: 'account',
    text: 'in a namespace of an application service',
    why: 'The mapping names this namespace as one of an application service, so its users are no people.',
  },
  foreign_server_name: {
    applies: 'account',
    text: 'of another server name',
    why: 'The name after the colon is not this server’s, so nobody can log in to this account here.',
  },
  malformed_mxid: {
    applies: 'account',
    text: 'not a Matrix user id',
    why: 'The name is NULL, has no @ or no colon, or nothing between them.',
  },
  localpart_with_colon: {
    applies: 'account',
    text: 'a colon in the localpart',
    why: 'Synapse cuts a user id at its first colon, so it takes this account for one of another server.',
  },
  guest: { applies: 'account', text: 'guest', why: 'The mapping holds guests back.' },
  deactivated: { applies: 'account', text: 'deactivated', why: 'The mapping holds deactivated accounts back.' },
  locked: { applies: 'account', text: 'locked', why: 'The mapping holds locked accounts back.' },
  no_login: {
    applies: 'account',
    text: 'no way to log in',
    why: 'Neither a password nor a known SSO identity, and the mapping holds such accounts back.',
  },
  bot: {
    applies: 'account',
    text: 'a bot',
    why: 'Synapse marks it as a bot or as support, or it is the own user of an application service, and the mapping holds such accounts back.',
  },
  username_missing: {
    applies: 'account',
    text: 'no username',
    why: 'Of no template of the mapping all values are known, so it makes no username of this account.',
  },
  username_collision: {
    applies: 'account',
    text: 'another account gets its username',
    why: 'The mapping makes one username of several accounts. Whoever has it at the target keeps it, else the oldest of them.',
  },
  username_refused: {
    applies: 'account',
    text: 'a username that the target cannot have',
    why: 'The target takes no such username: it is empty, or too long, or holds a character that nothing there can hold. `usernames` in the mapping makes another.',
  },
  username_not_settled: {
    applies: 'account',
    text: 'its username is not settled',
    why: 'It migrates only since the run began, when usernames were settled. The next run takes it.',
  },
  orphan: {
    applies: 'row',
    text: 'its account does not exist',
    why: 'Synapse has almost no foreign keys: rows outlive accounts that were deleted by hand.',
  },
  account_held_back: {
    applies: 'row',
    text: 'its account is held back',
    why: 'What belongs to an account that does not move stays with it.',
  },
  account_guest: {
    applies: 'row',
    text: 'of a guest',
    why: 'A guest’s sessions cannot go on: the provider knows no guests.',
  },
  account_deactivated: {
    applies: 'row',
    text: 'of a deactivated account',
    why: 'Nobody may use this account, so no session or token of it may live on.',
  },
  email_old: {
    applies: 'row',
    text: 'kept aside by Synapse in 2016',
    why: 'Synapse moved addresses that differ only in case to the medium email_old; they are nobody’s address now.',
  },
  email_not_primary: {
    applies: 'row',
    text: 'not the primary address',
    why: 'The mapping carries the primary e-mail address of an account only.',
  },
  provider_not_configured: {
    applies: 'row',
    text: 'provider not in the target’s configuration',
    why: 'No provider of the target names this one as its synapse_idp_id, so the identity has nowhere to go.',
  },
  leads_to_target: {
    applies: 'row',
    text: 'links to the target itself',
    why: 'Synapse logs people in through the target by this identity: it stays in Synapse, and goes on doing so.',
  },
  provider_left: {
    applies: 'row',
    text: 'provider left by the mapping',
    why: 'The mapping says that this provider’s identities stay behind.',
  },
  oauth_delegated: {
    applies: 'row',
    text: 'left over from an earlier delegation',
    why: 'Written by an earlier attempt with MAS (msc3861): it names a MAS user id that no longer exists.',
  },
  duplicate_subject: {
    applies: 'row',
    text: 'the same subject twice under one provider',
    why: 'Two of Synapse’s provider names lead to one provider of the target, and both know this subject.',
  },
  one_per_provider: {
    applies: 'row',
    text: 'another identity of the same provider',
    why: 'The target links an account to one identity of each provider; of several the first by its subject is carried.',
  },
  too_long_for_index: {
    applies: 'row',
    text: 'too long for the target’s index',
    why: 'PostgreSQL cannot index a value of more than about 2,700 bytes after compression.',
  },
  hidden_device: {
    applies: 'row',
    text: 'a cross-signing key, not a device',
    why: 'Synapse stores cross-signing keys as hidden devices; nobody is logged in on them.',
  },
  puppet_token: {
    applies: 'row',
    text: 'an administrator’s token for somebody else',
    why: 'Made by the admin API to act as another user; the provider has no such thing.',
  },
  device_gone: {
    applies: 'row',
    text: 'its device does not exist',
    why: 'The device was deleted and its token stayed behind; carried, a logged-out token would live again.',
  },
  device_hidden: {
    applies: 'row',
    text: 'of a cross-signing key',
    why: 'The token names a hidden device, which is no device and does not move.',
  },
  token_not_accepted: {
    applies: 'row',
    text: 'a format that MAS refuses',
    why: 'MAS takes syt_ and syr_ tokens and macaroons from Synapse, and refuses any other text.',
  },
  superseded: {
    applies: 'row',
    text: 'replaced by a newer token',
    why: 'The pair was refreshed and its successor has been used, so Synapse no longer honours it.',
  },
  refresh_token_expired: {
    applies: 'row',
    text: 'the session has expired',
    why: 'MAS knows no expiry of refresh tokens: carried, a session that Synapse had ended would live again.',
  },
  refresh_token_mismatch: {
    applies: 'row',
    text: 'its pair belongs to another device',
    why: 'Access token and refresh token name different users or devices.',
  },
  no_access_token: {
    applies: 'row',
    text: 'no access token of its own',
    why: 'No access token points at this refresh token, so there is no pair to carry.',
  },
  stays_in_synapse: {
    applies: 'row',
    text: 'stays in Synapse',
    why: 'The target has nothing of this kind: devices and their tokens stay with Synapse, and work as before.',
  },
  moves_to_other_target: {
    applies: 'row',
    text: 'moves to the other target',
    why: 'Two targets are filled together, and the other one takes what is of this kind.',
  },
} as const satisfies Record<string, Reason>

/** Why a target takes no rows of a relation. */
export type LeftReason = 'stays_in_synapse' | 'moves_to_other_target'

export type ReasonCode = keyof typeof REASONS

/** Why an account is held back. */
export type AccountReason = {
  [Code in ReasonCode]: (typeof REASONS)[Code]['applies'] extends 'account' ? Code : never
}[ReasonCode]
