import { countRows } from '../../row-changes.ts'
import { presentProfile, threepidDigest } from '../accounts/digests.ts'
import { decodeMarks, type Marks } from '../accounts/marks.ts'
import { heldThreepids } from '../accounts/plan-threepids.ts'
import { type AttributeNames, MARKS } from '../accounts/user-rules.ts'
import { toUserUpdate } from '../accounts/user-update.ts'
import type { PresentUser, UserUpdate } from '../api/user.ts'
import { putUser } from '../api/users-api.ts'
import type { BatchAtWork } from './batch-at-work.ts'
import { tryAgain } from './try-again.ts'

/**
 * Gives up an address that another account is to get, and nothing else: whatever becomes of the rest, what is noted is true.
 * Whether it works shows when the other gets it.
 */
export const freeEmail = async ({ realm, signal }: BatchAtWork, user: PresentUser): Promise<void> => {
  const marks = marksIn(user)
  const update = withoutEmail(user, realm.config.attributes)
  if (marks === undefined || update === undefined) return
  const { mxid } = marks
  realm.unreported.touch(mxid, GIVEN_UP)
  const answer = await tryAgain(() => realm.writing(() => putUser(realm.api, update, signal)), signal)
  if (answer.kind !== 'done') realm.unreported.spare(mxid)
}

const GIVEN_UP = countRows([{ relation: 'threepid', action: 'remove' }])

/** @returns undefined where the address is not ours to take. */
export const withoutEmail = (user: PresentUser, names: AttributeNames): UserUpdate | undefined => {
  const marks = marksIn(user)
  if (marks === undefined || user.email === undefined) return undefined
  const own = threepidDigest(marks.mxid, { place: 'email', value: user.email })
  const threepids = marks.threepids.filter(({ digest }) => digest !== own)
  if (threepids.length === marks.threepids.length) return undefined
  const held = heldThreepids(user, names).filter(({ place }) => place !== 'email')
  return toUserUpdate(user, { fields: presentProfile(user), held, marks: { ...marks, threepids } }, names)
}

const marksIn = ({ attributes }: PresentUser): Marks | undefined => decodeMarks(attributes[MARKS.written] ?? [])
