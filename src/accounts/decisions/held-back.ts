import type { AccountReason } from '../reasons.ts'

/**
 * What being held back is to a person who uses the account today. apart: its logins never go through the provider; shut: nobody
 * logs in to it today either.
 */
export const HELD_BACK = {
  appservice_user: 'apart',
  ghost_namespace: 'apart',
  foreign_server_name: 'shut',
  malformed_mxid: 'shut',
  localpart_with_colon: 'closes',
  guest: 'closes',
  deactivated: 'shut',
  locked: 'shut',
  no_login: 'closes',
  bot: 'closes',
  username_missing: 'closes',
  username_collision: 'closes',
  username_refused: 'closes',
  username_not_settled: 'closes',
} as const satisfies Record<AccountReason, 'closes' | 'apart' | 'shut'>
