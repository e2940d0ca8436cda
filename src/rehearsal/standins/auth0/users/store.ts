import type { User, UserIdentity, UserStore } from '../tenant.ts'
import { openIndex } from './index-by.ts'

interface Named {
  readonly connection: string
  readonly email?: string
  readonly username?: string
  readonly phone?: string
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value.toLowerCase() : undefined)

const named = (connection: string, email: unknown, username: unknown, phone: unknown): Named => {
  const texts = { email: textOf(email), username: textOf(username), phone: textOf(phone) }
  return {
    connection,
    ...(texts.email === undefined ? {} : { email: texts.email }),
    ...(texts.username === undefined ? {} : { username: texts.username }),
    ...(texts.phone === undefined ? {} : { phone: texts.phone }),
  }
}

/** The names that each identity has in its connection; a linked one keeps those that it came with. */
const namesOf = (user: User): readonly Named[] =>
  user.identities.map(({ connection, profileData }, index) =>
    index === 0
      ? named(connection, user.email, user.username, user.phoneNumber)
      : named(connection, profileData?.['email'], profileData?.['username'], profileData?.['phone_number']),
  )

const identityKey = ({ provider, userId }: Pick<UserIdentity, 'provider' | 'userId'>): string => `${provider}|${userId}`

/** The users of a tenant, in memory. Names are compared without regard to capital letters. */
export function openUserStore(): UserStore {
  const users = new Map<string, User>()
  const indexes = { email: openIndex(), username: openIndex(), phone: openIndex() }
  const identities = openIndex()

  const forget = (user: User): void => {
    for (const identity of user.identities) identities.remove(identityKey(identity), user.userId)
    for (const names of namesOf(user))
      for (const kind of ['email', 'username', 'phone'] as const) {
        const text = names[kind]
        if (text !== undefined) indexes[kind].remove(text, user.userId)
      }
  }

  const remember = (user: User): void => {
    for (const identity of user.identities) identities.add(identityKey(identity), user.userId)
    for (const names of namesOf(user))
      for (const kind of ['email', 'username', 'phone'] as const) {
        const text = names[kind]
        if (text !== undefined) indexes[kind].add(text, user.userId)
      }
  }

  const usersOf = (ids: readonly string[]): readonly User[] =>
    ids.flatMap((id) => {
      const user = users.get(id)
      return user === undefined ? [] : [user]
    })

  const find = (kind: 'email' | 'username' | 'phone', connection: string, name: string): User | undefined =>
    usersOf(indexes[kind].of(name.toLowerCase())).find((user) =>
      namesOf(user).some((names) => names.connection === connection && names[kind] === name.toLowerCase()),
    )

  return {
    byId: (userId) => users.get(userId),
    byEmail: (connection, email) => find('email', connection, email),
    byUsername: (connection, username) => find('username', connection, username),
    byPhone: (connection, phone) => find('phone', connection, phone),
    byIdentity: (provider, userId) => usersOf(identities.of(identityKey({ provider, userId })))[0],
    withEmail: (email) =>
      usersOf(indexes.email.of(email.toLowerCase())).filter(
        (user) => user.email?.toLowerCase() === email.toLowerCase(),
      ),
    all: () => users.values(),
    count: () => users.size,
    put: (user) => {
      const before = users.get(user.userId)
      if (before !== undefined) forget(before)
      users.set(user.userId, user)
      remember(user)
    },
    remove: (userId) => {
      const user = users.get(userId)
      if (user === undefined) return
      forget(user)
      users.delete(userId)
    },
  }
}
