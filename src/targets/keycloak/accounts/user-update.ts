import type { PasswordCredential, PresentUser, UserUpdate } from '../api/user.ts'
import { addressAttributes, valuesAt } from './address-attributes.ts'
import type { ProfileFields } from './digests.ts'
import { encodeMarks, type Marks, runsOf } from './marks.ts'
import { type AttributeNames, MARKS } from './user-rules.ts'
import type { WantedThreepid } from './wanted-threepids.ts'

/** What a user is to be once it is written. */
export interface UserThen {
  readonly fields: ProfileFields
  readonly held: readonly WantedThreepid[]
  readonly marks: Marks
  /** Absent: the password that is there stays. */
  readonly credential?: PasswordCredential
}

/**
 * The whole of a user as a PUT wants it: what it does not name is deleted, so all that is there and not ours is sent again as it is.
 */
export const toUserUpdate = (
  present: PresentUser,
  { fields, held, marks, credential }: UserThen,
  names: AttributeNames,
): UserUpdate => {
  const [email] = valuesAt(held, 'email')
  const { username, enabled, firstName, lastName } = fields
  return {
    id: present.id,
    username,
    ...(email === undefined ? {} : { email }),
    // Synapse's addresses are verified; what is said of somebody's own stays.
    emailVerified: email !== undefined && (email === present.email ? present.emailVerified : true),
    ...(firstName === undefined ? {} : { firstName }),
    ...(lastName === undefined ? {} : { lastName }),
    enabled,
    attributes: {
      ...without(fields.attributes, [names.emails, names.phones]),
      ...addressAttributes(held, names),
      [MARKS.run]: runsOf(marks),
      [MARKS.written]: encodeMarks(marks),
    },
    requiredActions: present.requiredActions,
    ...(credential === undefined ? {} : { credentials: [credential] }),
  }
}

const without = (
  attributes: ProfileFields['attributes'],
  names: readonly string[],
): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name)))
