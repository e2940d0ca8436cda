import type { WantedUser } from '../accounts/wanted-user.ts'
import { findByEmail, findByLink, findByUsername, type Link, type PresentUser } from '../api/users-api.ts'
import type { KeycloakRealm } from '../realm.ts'

/** Who has what a user is to get; absent: nobody, or the user. */
export interface Holders {
  readonly username?: PresentUser
  readonly email?: PresentUser
  readonly links: readonly { readonly link: Link; readonly holder: PresentUser }[]
}

/** What is looked up of a user; absent: nothing of the kind. */
export interface LookUp {
  readonly username?: string
  readonly email?: string
  readonly links: readonly Link[]
}

/** Asks by exactly these names. */
export const findHolders = async (
  { api, reading }: Pick<KeycloakRealm, 'api' | 'reading'>,
  { id, ...lookUp }: LookUp & Pick<WantedUser, 'id'>,
  signal: AbortSignal,
): Promise<Holders> => {
  const { username, email } = lookUp
  const others = async (find: () => Promise<readonly PresentUser[]>): Promise<readonly PresentUser[]> =>
    (await reading(find)).filter((user) => user.id !== id)
  const [byName] = username === undefined ? [] : await others(() => findByUsername(api, username, signal))
  const [byEmail] = email === undefined ? [] : await others(() => findByEmail(api, email, signal))
  const links: { link: Link; holder: PresentUser }[] = []
  for (const link of lookUp.links) {
    for (const holder of await others(() => findByLink(api, link, signal))) links.push({ link, holder })
  }
  return {
    ...(byName === undefined ? {} : { username: byName }),
    ...(byEmail === undefined ? {} : { email: byEmail }),
    links,
  }
}
