import type { AccountChange } from '../../changes.ts'
import type { PresentUser } from '../api/user.ts'
import { MARKS } from './marks.ts'
import type { UserSeen } from './ownership.ts'
import type { PlannedUser } from './plan-user.ts'
import type { WantedUser } from './wanted-user.ts'

/**
 * The user_id of whom somebody has linked the user to who was not made by us: Auth0 drops what is noted of whoever is linked, and all
 * that is written from then on is written to the other. Undefined: that has not happened.
 */
export const linkedAwayTo = ({ present }: Pick<UserSeen, 'present'>): string | undefined =>
  present === undefined || MARKS in present.appMetadata ? undefined : present.primaryId

/** What becomes of an account whose user was linked to somebody whom we have not made, and who is not changed. */
export const planLinkedAway = (
  { mxid, blocked }: Pick<WantedUser, 'mxid' | 'blocked'>,
  primaryId: string,
  present: Pick<PresentUser, 'blocked'> | undefined,
): PlannedUser => {
  const told: Pick<AccountChange, 'mxid' | 'rows'> = { mxid, rows: [] }
  if (blocked && present?.blocked !== true) {
    const words = `Somebody has linked it to the user ${primaryId}, whom syn2op did not make and does not change: it is locked in Synapse, and can log in at Auth0 all the same. To keep it out, block ${primaryId} there, or undo the link`
    return { change: { ...told, change: 'reject', message: words }, requests: { kind: 'refuse', words } }
  }
  const against = `the user ${primaryId}, to whom somebody has linked it,`
  return {
    change: { ...told, change: 'conflict', reason: 'identity_taken', against },
    requests: { kind: 'nothing' },
  }
}
