import { decodeMarks, MARKS } from '../accounts/marks.ts'
import { isDatabaseId } from '../accounts/user-id.ts'
import type { PresentUser } from '../api/user.ts'

/** Whether we wrote something of a user of the database, for whichever homeserver. */
export const isMarked = ({ id, appMetadata }: PresentUser): boolean =>
  isDatabaseId(id) && decodeMarks(appMetadata[MARKS]) !== undefined

/**
 * What a census keeps of a user: of ours all, since all is compared. Of others in the database only who they are, by what they are known,
 * and whether they are blocked; of those whom an identity provider knows not what is in their metadata either, but that there is some.
 */
export const keptOf = (user: PresentUser): PresentUser => {
  if (isMarked(user)) return user
  if (!isDatabaseId(user.id)) {
    return { ...user, appMetadata: namesOnly(user.appMetadata), userMetadata: namesOnly(user.userMetadata) }
  }
  const { id, primaryId, username, email, phoneNumber, blocked, appMetadata, identities } = user
  return {
    id,
    ...(primaryId === undefined ? {} : { primaryId }),
    ...(username === undefined ? {} : { username }),
    ...(email === undefined ? {} : { email }),
    emailVerified: false,
    ...(phoneNumber === undefined ? {} : { phoneNumber }),
    phoneVerified: false,
    names: {},
    blocked,
    // Marks that somebody has spoilt are not the same as none.
    appMetadata: MARKS in appMetadata ? { [MARKS]: null } : {},
    userMetadata: {},
    // To whom others are linked is told of them too.
    identities: identities.length > 1 ? identities : [],
    loginsCount: 0,
  }
}

/** With the name of the first alone; whole where something of ours is in it. */
const namesOnly = (metadata: PresentUser['appMetadata']): PresentUser['appMetadata'] => {
  if (MARKS in metadata) return metadata
  const [name] = Object.keys(metadata)
  return name === undefined ? {} : { [name]: true }
}
