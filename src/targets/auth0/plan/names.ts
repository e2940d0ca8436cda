import type { Name } from '../../slow-road/name.ts'
import type { ChangeRequests, Identifiers, UserRequests } from '../accounts/user-requests.ts'
import type { UserThen } from '../accounts/user-then.ts'
import { addressAt } from '../accounts/wanted-threepids.ts'
import type { PresentUser } from '../api/user.ts'
import type { Identifier } from '../census/census-file.ts'

/** In the order in which they are told. */
export const IDENTIFIERS: readonly Identifier[] = ['username', 'email', 'phone']

/** Auth0 takes no notice of capitals. */
export const nameOf = (kind: Identifier, value: string): Name => `${kind} ${value.toLowerCase()}`

export const namesIn = (identifiers: Identifiers): readonly Name[] =>
  IDENTIFIERS.flatMap((kind) => {
    const value = identifiers[kind]
    return value === undefined ? [] : [nameOf(kind, value)]
  })

/** What a user has no longer once this is done. */
export const givenUp = (requests: UserRequests): readonly Name[] => ('frees' in requests ? namesIn(requests.frees) : [])

/** What a user gets by this and has not yet: only that can be somebody else's. */
export const newNames = (requests: UserRequests, present: PresentUser | undefined): Identifiers =>
  beyond(namesThen(requests), present)

const namesThen = (requests: UserRequests): Identifiers => {
  switch (requests.kind) {
    case 'create':
      return identifiersOf({ ...requests.wanted, held: requests.wanted.threepids })
    case 'reimport':
      return identifiersOf(requests.user)
    case 'change':
      return identifiersIn(requests)
    case 'rehash':
      return requests.others === undefined ? {} : identifiersIn(requests.others)
    case 'delete':
    case 'nothing':
    case 'refuse':
      return {}
  }
}

const identifiersIn = ({ patches }: ChangeRequests): Identifiers =>
  Object.assign(
    {},
    ...patches.map(({ username, email, phone_number: phone }) => ({
      ...(username ? { username } : {}),
      ...(email ? { email } : {}),
      ...(phone ? { phone } : {}),
    })),
  )

const identifiersOf = ({ username, held }: Pick<UserThen, 'username' | 'held'>): Identifiers => {
  const [email, phone] = [addressAt(held, 'email'), addressAt(held, 'phone')]
  return {
    ...(username === undefined ? {} : { username }),
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
  }
}

const beyond = (then: Identifiers, present: PresentUser | undefined): Identifiers => {
  const isNew = (kind: Identifier, was: string | undefined): boolean =>
    then[kind] !== undefined && then[kind].toLowerCase() !== was?.toLowerCase()
  return {
    ...(then.username !== undefined && isNew('username', present?.username) ? { username: then.username } : {}),
    ...(then.email !== undefined && isNew('email', present?.email) ? { email: then.email } : {}),
    ...(then.phone !== undefined && isNew('phone', present?.phoneNumber) ? { phone: then.phone } : {}),
  }
}
