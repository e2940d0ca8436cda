import type { ReasonCode } from '../../accounts/reasons.ts'
import type { ProofReason } from '../../report/proof-reasons.ts'
import type { TokenState } from '../../targets/sql-road.ts'

/** What is expected of a token or a password: `reason` null, that it works. */
export interface Expectation {
  readonly reason: string | null
}

/** What the source says of a token, its decision included. */
export interface SourceToken {
  readonly mxid: string
  readonly device: string | null
  /** As whom it acts, where an administrator has it for somebody else. */
  readonly puppet: string | null
  /** The code of the reason for which it is left; null: carried. */
  readonly reason: string | null
  /** Milliseconds since 1970; null: never. */
  readonly expiresMs: number | null
  /** Of whom it acts as. */
  readonly isLocked: boolean
}

/** Where an old token is at the target; stays in Synapse: the target takes none, and Synapse goes on with all of them. */
export type TokenPlace = TokenState | 'stays in Synapse'

/** Synapse refuses other device ids that MAS names to it. Source: seen on Synapse 1.163.2. */
const LONGEST_DEVICE_ID = 255

/** Synapse takes its bearer for somebody else. */
const PUPPETS: ReasonCode = 'puppet_token'

/** Of rows that do not move, and of which Synapse goes on with those that stay: whose account moves is nothing to it. */
const GO_ON: readonly string[] = ['stays_in_synapse', 'account_held_back'] satisfies readonly ReasonCode[]

const reasonOf = (reason: ProofReason): Expectation => ({ reason })

/**
 * Whether an old token should still work.
 * @param place at the target; undefined: the target does not say.
 * @param now milliseconds since 1970.
 */
export const expectToken = (
  given: { readonly mxid: string; readonly device?: string },
  source: SourceToken | undefined,
  place: TokenPlace | undefined,
  now: number,
): Expectation => {
  if (source === undefined) return reasonOf('not_in_source')
  const stays = place === 'stays in Synapse'
  const user = (stays ? source.puppet : null) ?? source.mxid
  if (user !== given.mxid && source.mxid === given.mxid) return { reason: PUPPETS }
  if (user !== given.mxid || (given.device !== undefined && source.device !== given.device)) {
    return reasonOf('of_somebody_else')
  }
  if (source.reason !== null && !(stays && GO_ON.includes(source.reason))) return { reason: source.reason }
  if (source.isLocked) return reasonOf('account_locked')
  if ((source.expiresMs !== null && source.expiresMs <= now) || place === 'expired') return reasonOf('token_expired')
  if (place === 'session ended') return reasonOf('session_ended')
  return stays || isDeviceAccepted(source.device) ? { reason: null } : reasonOf('device_id_not_accepted')
}

/** By MAS's word; Synapse itself takes any device id that it has. */
const isDeviceAccepted = (device: string | null): boolean =>
  device === null || (device !== '' && [...device].length <= LONGEST_DEVICE_ID)

/** What the source says of an account. */
export interface SourceAccount {
  readonly mxid: string
  readonly reason: string | null
  readonly hasPassword: boolean
  readonly isDeactivated: boolean
  readonly isLocked: boolean
}

/** Whether a password should log in. A password that its owner changed since is not known here. */
export const expectPassword = (source: SourceAccount | undefined): Expectation => {
  if (source === undefined) return reasonOf('not_in_source')
  if (source.reason !== null) return { reason: source.reason }
  if (source.isDeactivated) return { reason: 'account_deactivated' }
  if (source.isLocked) return reasonOf('account_locked')
  return source.hasPassword ? { reason: null } : reasonOf('no_password')
}
